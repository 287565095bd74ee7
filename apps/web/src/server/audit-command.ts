import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import type { AuditVerdict } from "@vpclab/shared/wire/audit-api";
import type { Logger } from "pino";
import type { Config } from "./config";
import { keptHeads } from "./services/audit-witness";
import { verifyAudit } from "./services/verify-audit";
import { openDatabase } from "./store/database";

/** `--expect SEQUENCE:HASH`, any number of times: heads that were written down elsewhere. Throws with a sentence for a person. */
export function readExpected(args: readonly string[]): AuditHead[] {
  const heads: AuditHead[] = [];
  for (let i = 0; i < args.length; i += 2) {
    const found = /^([1-9]\d{0,9}):([0-9a-f]{64})$/.exec(args[i + 1] ?? "");
    if (args[i] !== "--expect" || !found?.[1] || !found[2]) throw new Error("Usage: verify-audit [--expect SEQUENCE:HASH]… (the hash has 64 hex digits)");
    heads.push({ sequence: Number(found[1]), hash: found[2] });
  }
  return heads;
}

/**
 * Verifies the audit log of a data directory: of a PostgreSQL server by reading it, whether or not a vpclab server runs; of the embedded
 * database by asking the server that has it open, or by opening it when none does.
 */
export async function verifyStoredAudit(config: Config, expected: readonly AuditHead[], options: { controlSocket: string; migrationsDirectory: string; log: Logger }): Promise<AuditVerdict> {
  if (config.databaseUrl === null) {
    const answer = await askServer(options.controlSocket, expected);
    if (answer) return answer;
    if (!existsSync(join(config.dataDirectory, "database"))) throw new AppError("NOT_FOUND", `There is no database in ${config.dataDirectory}. Set DATA_DIR or DATABASE_URL to what the server uses.`);
  }
  const { migrationsDirectory, log } = options;
  const database = await openDatabase({ url: config.databaseUrl, dataDirectory: config.dataDirectory, migrationsDirectory, log, onFatal: (error) => { throw error; } });
  try {
    const kept = [...(await keptHeads(database.tables)), ...expected.map((head) => ({ ...head, by: "whoever expects it" }))];
    return { at: Date.now(), ...(await verifyAudit(database.tables, kept)) };
  } finally {
    await database.close();
  }
}

/** Null: no server runs. */
function askServer(socketPath: string, expected: readonly AuditHead[]): Promise<AuditVerdict | null> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: "/verify-audit", method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as AuditVerdict);
        else reject(new AppError("INTERNAL", "The server could not verify the audit log; see its log."));
      });
    });
    asked.once("error", () => resolve(null));
    asked.end(JSON.stringify(expected));
  });
}

/** What a person reads, a line each. */
export function verdictLines({ verifiedTo, fault, compared, clockSetBack }: AuditVerdict): string[] {
  return [
    ...(clockSetBack.length === 0 ? [] : [`The server's clock was set back before ${clockSetBack.length === 1 ? "entry" : "entries"} ${clockSetBack.join(", ")}.`]),
    fault
      ? `The audit log is NOT as it was written: first bad entry ${fault.sequence}: ${fault.reason}. Entries 1 to ${verifiedTo} follow from each other.`
      : `The audit log is as it was written: ${verifiedTo} entries, compared with ${compared} heads kept elsewhere.`,
  ];
}
