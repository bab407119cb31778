/**
 * Two clocks in one. `now` is the time of the simulated shops and can be advanced by hand; `monotonicMs` is
 * real elapsed time, used for throttling, bulk rates and token expiry, so that advancing the shop's time by a
 * week neither refills a bucket nor locks the app out.
 */
export type Clock = {
  now(): Date;
  /** `now` as Shopify writes a DateTime: UTC, whole seconds, `Z`. */
  isoNow(): string;
  /** Advances `now`; tasks scheduled for the skipped time run at once. */
  advance(milliseconds: number): void;
  /** Milliseconds of real time since some fixed start. */
  monotonicMs(): number;
  /** Waits for real time. */
  sleep(milliseconds: number): Promise<void>;
  /** Runs `task` when `now` has moved on by `milliseconds`. Returns a cancel function. */
  schedule(milliseconds: number, task: () => void): () => void;
};

export const dayMs = 86_400_000;

/** Node's timers have 32-bit delays; longer ones are rescheduled. */
const longestTimerMs = 2_000_000_000;

export function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

type Timer = { dueMs: number; task: () => void };

/** Real time plus an offset, starting at `start` if one is given. */
export function createClock(options: { start?: Date } = {}): Clock {
  const real = () => performance.timeOrigin + performance.now();
  let offset = options.start === undefined ? 0 : options.start.getTime() - real();
  const timers = new Set<Timer>();
  let armed: NodeJS.Timeout | undefined;

  const nowMs = () => real() + offset;
  const runDue = () => {
    const now = nowMs();
    const due = [...timers].filter((timer) => timer.dueMs <= now);
    for (const timer of due) timers.delete(timer);
    for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) timer.task();
    arm();
  };
  const arm = () => {
    clearTimeout(armed);
    if (timers.size === 0) return;
    let next = Infinity;
    for (const timer of timers) next = Math.min(next, timer.dueMs);
    armed = setTimeout(runDue, Math.min(Math.max(0, next - nowMs()), longestTimerMs));
    armed.unref();
  };

  return {
    now: () => new Date(nowMs()),
    isoNow: () => isoSeconds(new Date(nowMs())),
    advance(milliseconds) {
      offset += milliseconds;
      runDue();
    },
    monotonicMs: () => performance.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    schedule(milliseconds, task) {
      const timer = { dueMs: nowMs() + milliseconds, task };
      timers.add(timer);
      arm();
      return () => {
        timers.delete(timer);
      };
    },
  };
}

/** A clock that only moves when it is advanced: real and simulated time move together. For tests. */
export function createManualClock(start: Date): Clock {
  let nowMs = start.getTime();
  const timers = new Set<Timer>();
  const schedule = (milliseconds: number, task: () => void) => {
    const timer = { dueMs: nowMs + milliseconds, task };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };
  return {
    now: () => new Date(nowMs),
    isoNow: () => isoSeconds(new Date(nowMs)),
    advance(milliseconds) {
      nowMs += milliseconds;
      const due = [...timers].filter((timer) => timer.dueMs <= nowMs);
      for (const timer of due) timers.delete(timer);
      for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) timer.task();
    },
    monotonicMs: () => nowMs - start.getTime(),
    sleep: (milliseconds) => new Promise((resolve) => schedule(milliseconds, resolve)),
    schedule,
  };
}
