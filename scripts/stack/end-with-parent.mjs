// Preloaded into every process the stack starts. Its standard input is a pipe that nobody writes to:
// it ends when the starter is gone, however it went, and then this process has nobody to serve.
for (const event of ["end", "close", "error"]) process.stdin.on(event, () => process.exit(1));
process.stdin.resume();
// The pipe alone must not keep a process alive that has come to its end.
if ("unref" in process.stdin) process.stdin.unref();
