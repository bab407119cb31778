import { runBacktest } from "./backtest.ts";
import { BadInput } from "./bad-input.ts";
import { help } from "./help.ts";
import { score } from "./score.ts";
import { simulate } from "./simulate.ts";
import type { Terminal } from "./terminal.ts";

const BAD_INPUT = 2;

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const commands: Record<string, Command> = { score, backtest: runBacktest, simulate };

/**
 * Runs one command line and returns its exit code: 0 done, 2 bad input or wrong call, 3 refused.
 * Anything else that fails is thrown.
 */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = "", ...args] = argv;
  if (name === "" || name === "help" || argv.includes("--help") || argv.includes("-h")) {
    (name === "" ? terminal.stderr : terminal.stdout).write(help);
    return name === "" ? BAD_INPUT : 0;
  }
  try {
    if (!Object.hasOwn(commands, name)) {
      const known = Object.keys(commands).join(", ");
      throw new BadInput(`there is no command "${name}"; there are ${known}`);
    }
    return await commands[name](args, terminal);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    terminal.stderr.write(`encore: ${error.message}\n`);
    return BAD_INPUT;
  }
}
