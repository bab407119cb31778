// The first import of every process: none starts on a Node that is too old for it.
import { complaintAbout } from "./node-version.mjs";

const complaint = complaintAbout(process.versions.node);
if (complaint !== null) {
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}
