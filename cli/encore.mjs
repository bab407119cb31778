#!/usr/bin/env node
// Starts the command line from a clone or an installation: Node does not read TypeScript by itself.
import "../runtime/fit-node.mjs";

import { register } from "tsx/esm/api";

register();
await import("./main.ts");
