import type { LocalAgentModule } from "@vpclab/shared/wire/local-agent";
import { doctor } from "./commands/doctor";
import { openLocalAgent } from "./commands/open-local-agent";
import { purgeHost } from "./commands/purge-host";

/** What `local.mjs` exports; checked against what its callers expect. */
export { doctor, openLocalAgent, purgeHost as purge };
({ doctor, openLocalAgent, purge: purgeHost }) satisfies LocalAgentModule;
