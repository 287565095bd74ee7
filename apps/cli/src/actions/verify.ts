import { readableName } from "@vpclab/shared/plan/describe-object";
import { instanceNamespace, natGatewayNamespace, routerNamespace } from "@vpclab/shared/net/namespace-name";
import type { Topology } from "@vpclab/shared/topology/topology";
import { findObject, indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import { markedNamespaces } from "../local/marked-namespaces";
import { loadLocalAgent } from "../local/open-local-agent";
import { printPlan } from "../output/print-plan";
import type { Session } from "../session";
import { readTopology } from "./read-topology";

/** Is everything as drawn, and is there nothing of ours that belongs to no drawing? */
export const verify: Action = async (session) => {
  const { id, document, deployment } = await readTopology(session);
  // Of a topology that is not there nothing is missing: after a clean-up all is well.
  const plan = id === "" ? null : await (await session.lab()).plan(session.topology, document);
  const index = indexTopology(document);
  const wrong = Object.entries(deployment.objects).filter(([, { state }]) => state === "failed" || state === "drifted").map(([id, { state, reason }]) => {
    const found = findObject(document, id);
    return { name: found ? readableName(found.kind, found.object as never, index) : id, state, reason: reason ?? null };
  });
  const orphans = await orphanNamespaces(session);
  const isFine = (plan?.steps ?? 0) === 0 && wrong.length === 0 && orphans.length === 0;
  session.out.value({ topology: session.topology, fine: isFine, wrong, orphans, plan });
  for (const { name, state, reason } of wrong) session.out.line(`${name}: ${state}${reason === null ? "" : `: ${reason}`}`);
  if (plan !== null && plan.steps > 0) printPlan(plan, session.out);
  for (const { name, isMine } of orphans) {
    session.out.line(`namespace ${name} belongs to no topology here: ${isMine ? "vpcctl purge" : "it was made with another state directory; when that is lost, vpcctl purge --all"} removes what carries the mark`);
  }
  if (isFine) session.out.line(`${id === "" ? "No topology is there" : `Topology “${session.topology}” is as drawn`}, and nothing is left over.`);
  return isFine ? EXIT.ok : EXIT.failed;
};

/** Namespaces of this machine with vpclab's mark that no topology of this place has. The sandbox's own have a dot. */
async function orphanNamespaces(session: Session): Promise<{ name: string; isMine: boolean }[]> {
  const lab = await session.lab();
  if (!lab.place.sameMachine) return [];
  const known = new Set<string>();
  for (const { name } of await lab.list()) for (const namespace of namespacesOf((await lab.read(name)).document, name)) known.add(namespace);
  const mine = await (await loadLocalAgent(session.env.agentDist)).agentIdsOf(session.options.stateDir);
  return (await markedNamespaces()).filter(({ name }) => !known.has(name) && !name.startsWith("vpclab.")).map(({ name, agentId }) => ({ name, isMine: mine.includes(agentId) }));
}

function namespacesOf(doc: Topology, topologyName: string): string[] {
  const index = indexTopology(doc);
  const place = (subnetId: string): readonly [string, string] => {
    const subnet = index.subnetById.get(subnetId);
    return [index.vpcById.get(subnet?.vpcId ?? "")?.name ?? "", subnet?.name ?? ""];
  };
  return [
    ...doc.vpcs.map(({ name }) => routerNamespace(topologyName, name)),
    ...doc.instances.map(({ subnetId, name }) => instanceNamespace(topologyName, ...place(subnetId), name)),
    ...doc.natGateways.map(({ subnetId, name }) => natGatewayNamespace(topologyName, ...place(subnetId), name)),
  ];
}
