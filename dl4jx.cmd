@echo off
rem Starts the programs of dl4jx; builds them first where that was not done yet. After a change of the sources: delete
rem examples\target.
setlocal
set "home=%~dp0"
set "classpath_file=%home%examples\target\launcher.args"
if not exist "%classpath_file%" (
    echo dl4jx: building once; what it does: 1>&2
    call mvn -f "%home%pom.xml" -pl examples -am package -Dmaven.test.skip=true -Dspotless.check.skip=true -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.event.ExecutionEventLogger=info %DL4JX_MAVEN_ARGS% 1>&2
    if errorlevel 1 exit /b 1
)
rem The fused kernels' module, where something is computed: Java prints a line about it that nothing can silence.
set "kernels="
if "%~1"=="cifar10" set "kernels=--add-modules jdk.incubator.vector"
if "%~1"=="signal" set "kernels=--add-modules jdk.incubator.vector"
if "%~1"=="demo" set "kernels=--add-modules jdk.incubator.vector"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
"%java%" -Xmx2g -Dorg.bytedeco.javacpp.maxbytes=6g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Ddl4jx.terminal=true -Ddl4jx.home="%home%." -Djava.awt.headless=true -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %kernels% %DL4JX_JAVA_ARGS% "@%home%examples\target\launcher.args" io.github.dl4jx.examples.Dl4jx %*
exit /b %errorlevel%
