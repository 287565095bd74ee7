import { findByName } from "@vpclab/shared/topology/find-by-name";
import type { Action } from "../command-spec";
import { TOPOLOGY_DEFAULT } from "../global-options";
import { inspectVpc, type InspectedVpc } from "../lab/inspect-vpc";
import { orThrow } from "../lab/named-object";
import { readRouter, type RouterSeen } from "../local/read-router";
import { printInspected } from "../output/print-inspected";
import { readTopology } from "./read-topology";

/** Everything that one topology (or one VPC of it) consists of, as drawn, and what the kernel holds of it. */
export const inspect: Action = async (session, given) => {
  const lab = await session.lab();
  // After a clean-up the lists are empty, which is what people look for; a name that was typed must be one that is there.
  const snapshot = session.topology === TOPOLOGY_DEFAULT ? await readTopology(session) : await lab.read(session.topology);
  const name = given.either(0, "vpc");
  const vpcs = name === null ? [...snapshot.document.vpcs].sort((a, b) => a.name.localeCompare(b.name)) : [orThrow(findByName(snapshot.document, "vpc", name))];
  const inspected: (InspectedVpc & { readonly kernel: RouterSeen | null })[] = [];
  for (const vpc of vpcs) {
    const drawn = inspectVpc(snapshot, vpc);
    inspected.push({ ...drawn, kernel: lab.place.sameMachine ? await readRouter(drawn.namespace) : null });
  }
  const { topology, out } = session;
  out.value({ topology, revision: snapshot.revision, state: snapshot.deployment.state, vpcs: inspected });
  printInspected({ topology, place: lab.place.label, revision: snapshot.revision, state: snapshot.deployment.state, vpcs: inspected }, out);
};
