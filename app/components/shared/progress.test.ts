import { describe, expect, it } from "vitest";

import type { TaskProgress } from "#app/queue/progress.ts";

import { phaseOf, pollAfterMs, taskProgress } from "./progress.ts";

function task(name: TaskProgress["task"], state: TaskProgress["state"], done = 0): TaskProgress {
  return { task: name, state, done, total: 100, errorCode: null };
}

describe("polling", () => {
  it("continues every second while a task runs", () => {
    expect(pollAfterMs([task("import", "done"), task("score", "running")], false)).toBe(1_000);
  });

  it("continues while more is awaited, even between two tasks", () => {
    expect(pollAfterMs([task("import", "done")], true)).toBe(1_000);
    expect(pollAfterMs([], true)).toBe(1_000);
  });

  it("stops when all is done", () => {
    expect(pollAfterMs([task("import", "done"), task("write", "done")], false)).toBeNull();
  });

  it("slows down after a failure, which may resolve itself", () => {
    expect(pollAfterMs([task("import", "failed")], true)).toBe(5_000);
  });
});

describe("the phase of the work", () => {
  it("does not change with the progress of a task", () => {
    expect(phaseOf([task("import", "running", 5)])).toBe(phaseOf([task("import", "running", 50)]));
  });

  it("changes when a task ends", () => {
    expect(phaseOf([task("import", "running")])).not.toBe(phaseOf([task("import", "done")]));
  });
});

describe("the progress of a task", () => {
  it("is waiting when nothing is recorded", () => {
    expect(taskProgress([], "write").state).toBe("waiting");
    expect(taskProgress([task("write", "running")], "write").state).toBe("running");
  });
});
