import type { LocalAgentModule } from "@vpclab/shared/wire/local-agent";
import { doctor } from "./commands/doctor";
import { openLocalAgent } from "./commands/open-local-agent";
import { agentIdsOf, purgeHost } from "./commands/purge-host";

/** What `local.mjs` exports; checked against what its callers expect. */
export { agentIdsOf, doctor, openLocalAgent, purgeHost as purge };
({ agentIdsOf, doctor, openLocalAgent, purge: purgeHost }) satisfies LocalAgentModule;
