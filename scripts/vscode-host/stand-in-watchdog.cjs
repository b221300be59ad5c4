// Stand-in for the native module @vscode/native-watchdog: ends the extension host when its parent process is gone.
exports.start = (parentPid) => {
  const check = () => {
    try {
      process.kill(parentPid, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(0);
    }
  };
  setInterval(check, 1000).unref();
};
exports.exit = (code) => process.exit(code ?? 0);
