// A mutant is judged by the same invented cases in every run; the first that fails is enough.
import fc from "fast-check";

fc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: 400 });
