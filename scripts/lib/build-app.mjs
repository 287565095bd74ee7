import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { asOwner } from "./privileges.mjs";
import { childEnvironment } from "./child-environment.mjs";
import { runToEnd } from "./run-to-end.mjs";
import { contentHash, readStamp, writeStamp } from "./stamp.mjs";

const SOURCES = ["apps", "packages", "prisma", "package.json", "package-lock.json", "turbo.json", "tsconfig.base.json"];
export const SERVER_BUNDLE = join(ROOT, "apps/web/dist/server.mjs");
export const AGENT_BUNDLE = join(ROOT, "apps/agent/dist/agent.mjs");
export const CLI_BUNDLE = join(ROOT, "apps/cli/dist/vpcctl.mjs");
const OUTPUTS = [SERVER_BUNDLE, AGENT_BUNDLE, CLI_BUNDLE, join(ROOT, "apps/web/.next/BUILD_ID")];

/** Builds server, pages, agent and vpcctl, only when a source changed since the last build that went through. */
export async function buildApp(say = () => {}) {
  const wanted = contentHash(SOURCES);
  if (OUTPUTS.every((path) => existsSync(path)) && readStamp("build") === wanted) return "up to date";
  const turbo = join(ROOT, "node_modules/.bin/turbo");
  await runToEnd(turbo, ["run", "build", "--ui=stream", "--output-logs=new-only"], { log: "build", onLine: say, ...asOwner(childEnvironment()) });
  writeStamp("build", wanted);
  return "built";
}
