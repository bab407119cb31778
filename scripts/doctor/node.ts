import { complaintAbout } from "../../runtime/node-version.mjs";
import { type Finding, ok, wrong } from "./finding.ts";

/** @param version like 22.12.0 */
export function checkNode(version: string): Finding {
  const complaint = complaintAbout(version);
  if (complaint === null) return ok("Node", version);
  return wrong("Node", { found: version, todo: complaint });
}
