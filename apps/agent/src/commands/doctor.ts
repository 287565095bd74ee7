import type { DoctorCheck, LocalAgentOptions } from "@vpclab/shared/wire/local-agent";
import { runDoctor } from "../doctor/doctor";
import { readIdMaps } from "../host/id-maps";
import { createCommandRunner } from "../host/run-command";
import type { Options } from "./options";

/** What this machine has of what is needed, and what to do about the rest. */
export const doctor = ({ mode }: Pick<LocalAgentOptions, "mode">): Promise<readonly DoctorCheck[]> =>
  runDoctor({ runner: createCommandRunner(), idMaps: readIdMaps(), mode: mode ?? "sandbox" });

export async function doctorCommand({ mode }: Options, print: (line: string) => void): Promise<number> {
  const checks = await doctor({ mode });
  for (const check of checks) {
    print(`${check.ok ? "ok      " : "MISSING "} ${check.name.padEnd(20)} ${check.found}`);
    if (check.advice) print(`         ${check.advice}`);
  }
  return checks.every((check) => check.ok) ? 0 : 1;
}
