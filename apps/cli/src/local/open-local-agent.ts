import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { LocalAgent, LocalAgentModule } from "@vpclab/shared/wire/local-agent";
import { ownError } from "./own-error";

const BUNDLE = "local.mjs";

/**
 * The agent's engine, which is a bundle of its own. `dist`: the folder that it lies in; null: as in the checkout, beside this
 * program's own bundle (apps/cli/dist → apps/agent/dist). Throws INTERNAL when it is not built; what it throws is AppError.
 */
export async function loadLocalAgent(dist: string | null): Promise<LocalAgentModule> {
  const path = dist === null ? besideThisProgram() : resolve(dist, BUNDLE);
  if (!existsSync(path)) throw new AppError("INTERNAL", `The agent's engine is not there (${path}). In the checkout: npm run build`);
  const { openLocalAgent, agentIdsOf, purge, doctor } = (await import(pathToFileURL(path).href)) as LocalAgentModule;
  return {
    openLocalAgent: async (options) => translated(await openLocalAgent(options).catch(rethrow)),
    agentIdsOf: (stateDir) => agentIdsOf(stateDir).catch(rethrow),
    purge: (options) => purge(options).catch(rethrow),
    doctor: (options) => doctor(options).catch(rethrow),
  };
}

const rethrow = (error: unknown): never => {
  throw ownError(error);
};

const translated = (agent: LocalAgent): LocalAgent => ({
  ask: (method, params, onProgress) => agent.ask(method, params, onProgress).catch(rethrow),
  close: () => agent.close(),
});

/** A chunk lies one folder deeper than the program itself. */
function besideThisProgram(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const dist = here.endsWith("/chunks") ? dirname(here) : here;
  return join(dist, "../../agent/dist", BUNDLE);
}
