#!/usr/bin/env node
// Starts the command line from a clone or an installation, with a loader for TypeScript.
import "../runtime/fit-node.mjs";

import { register } from "tsx/esm/api";

register();
await import("./main.ts");
