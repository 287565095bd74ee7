import { spawnSync } from "node:child_process";
import { auditCommand } from "./lib/server-process.mjs";

// npm run audit [-- --expect SEQUENCE:HASH]: whether the audit log is as it was written; ends with 1 when it is not.
const { file, args, options } = auditCommand(process.argv.slice(2));
const { status, error } = spawnSync(file, args, { ...options, stdio: "inherit" });
if (error) console.error(error.message);
process.exitCode = status ?? 1;
