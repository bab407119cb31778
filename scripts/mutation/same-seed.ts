// Property tests use the same cases for every mutant; the first failure is enough.
import fc from "fast-check";

fc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: 400 });
