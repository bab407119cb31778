#!/usr/bin/env node
// Starts the command line from a clone or an installation: Node does not read TypeScript by itself.
import { register } from "tsx/esm/api";

register();
await import("./main.ts");
