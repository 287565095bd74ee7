import { resolve } from "node:path";
import { z } from "zod";
import type { Config } from "./server/config";

/** An empty variable, as compose files make them, is one that is not set. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const EnvironmentSchema = z.object({
  HOST: optional(z.string()),
  PORT: optional(z.coerce.number().int().min(0).max(65535)),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  DATA_DIR: optional(z.string()),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  AGENT_SOCKET: optional(z.string().startsWith("/")),
  VPCLAB_LOCAL_AGENT: optional(z.enum(["0", "1"])),
  JOIN_TOKEN_FILE: optional(z.string().startsWith("/")),
  LOG_LEVEL: optional(z.enum(["debug", "info", "warn", "error"])),
  NODE_ENV: optional(z.string()),
});

/** The configuration from the environment. Throws one sentence that names every wrong variable. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = EnvironmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
  }
  const found = parsed.data;
  return {
    host: found.HOST ?? "127.0.0.1",
    port: found.PORT ?? 3000,
    publicUrl: found.PUBLIC_URL ?? null,
    dataDirectory: resolve(found.DATA_DIR ?? ".vpclab/server"),
    databaseUrl: found.DATABASE_URL ?? null,
    agentSocket: found.AGENT_SOCKET ?? null,
    localAgent: found.VPCLAB_LOCAL_AGENT === "1",
    joinTokenFile: found.JOIN_TOKEN_FILE ?? null,
    logLevel: found.LOG_LEVEL ?? "info",
    development: found.NODE_ENV === "development",
  };
}
