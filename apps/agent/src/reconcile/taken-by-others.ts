import { reachableVpcs } from "@vpclab/shared/plan/host-access";
import type { Deployments } from "./deployments";

/** Ranges at which the host reaches, or may soon reach, VPCs of other topologies. */
export const takenByOthers = (deployments: Pick<Deployments, "deployed">, topologyId: string): string[] =>
  deployments.deployed().filter((other) => other.topologyId !== topologyId && other.document !== null)
    .flatMap(({ document }) => (document ? reachableVpcs(document).map(({ cidr }) => cidr) : []));
