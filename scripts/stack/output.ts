/** Shows progress at the terminal: one line per step, updated in place. */
export class Output {
  private readonly live = process.stdout.isTTY;
  private open = "";

  /** Starts or updates the line of a step. */
  step(text: string): void {
    if (text === this.open) return;
    if (this.live) process.stdout.write(`\r\x1b[2K  ${text}`);
    else if (this.open === "") process.stdout.write(`  ${text}\n`);
    this.open = text;
  }

  /** Ends the step with its result. */
  done(text: string, milliseconds: number): void {
    const clear = this.live ? "\r\x1b[2K" : "";
    const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
    process.stdout.write(`${clear}✓ ${text.padEnd(62)} ${seconds.padStart(8)}\n`);
    this.open = "";
  }

  line(text = ""): void {
    process.stdout.write(`${text}\n`);
  }
}

/** Seconds by phase, for the terminal and for the JSON of a check. */
export class Stopwatch {
  readonly seconds: Record<string, number> = {};

  constructor(private readonly output: Output) {}

  /** Runs a phase, shows it and records its time. */
  async phase<T>(
    name: string,
    begin: string,
    work: () => Promise<[result: T, message: string]>,
  ): Promise<T> {
    const started = performance.now();
    this.output.step(begin);
    const [result, message] = await work();
    const elapsed = performance.now() - started;
    this.seconds[name] = Math.round(elapsed / 10) / 100;
    this.output.done(message, elapsed);
    return result;
  }
}
