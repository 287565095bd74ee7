import { join } from "node:path";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { Engine } from "../prove/engine";
import { POOL } from "../prove/ground";

/** In the run's folder, for those instances that have one. */
export const WEB_SERVER_PROGRAM = "web-server.mjs";

/** An engine on the records that an earlier one left in the folder. */
export const openEngine = (folder: string, key: SigningKey, kernel: Kernel): Promise<Engine> =>
  Engine.open({ stateDir: join(folder, "state"), kernel, key, publicPool: POOL });
