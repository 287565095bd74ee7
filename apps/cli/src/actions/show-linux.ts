import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import { linuxCommandsFor, previewContext } from "@vpclab/shared/plan/describe";
import { findAnyByName } from "@vpclab/shared/topology/find-by-name";
import { OBJECT_KINDS, type ObjectKind, type Topology } from "@vpclab/shared/topology/topology";
import type { Action } from "../command-spec";
import type { LabSnapshot, Place } from "../lab/lab";
import { objectName, orThrow } from "../lab/named-object";

/** The commands that make one object from nothing; without one, those of the whole topology. */
export const showLinux: Action = async (session, given) => {
  const { out } = session;
  const lab = await session.lab();
  const { place } = lab;
  const snapshot = await lab.read(session.topology);
  const name = given.arg(0);
  const ids = name === null ? allIds(snapshot.document) : [objectByName(snapshot.document, name)];
  const objects = ids.map((id) => ({ id, name: objectName(snapshot.document, id), commands: commandsOf(snapshot, place, id) }));
  out.value(name === null ? objects : objects[0]);
  if (out.json) return;
  for (const object of objects) {
    if (name !== null && object.commands.length === 0) out.raw(`# ${elsewhere(snapshot.document, object.id, object.name)}`);
    if (name === null && object.commands.length > 0) out.raw(`# ${object.name}`);
    for (const command of object.commands) out.raw(command);
  }
};

/** A path means what it contains, a name with dashes the namespace of that name; other objects where neither fits. */
function objectByName(doc: Topology, name: string): string {
  const containers: ObjectKind[] = name.includes("/") ? ["vpc", "subnet"] : ["vpc"];
  for (const kinds of [containers, ["instance", "nat-gateway"], ["subnet"]] satisfies ObjectKind[][]) {
    const found = findAnyByName(doc, kinds, name);
    if (found.ok) return found.value.object.id;
  }
  return orThrow(findAnyByName(doc, OBJECT_KINDS, name)).object.id;
}

const allIds = (doc: Topology): string[] =>
  [...doc.vpcs, ...doc.subnets, ...doc.instances, ...doc.natGateways, ...doc.internetGateways, ...doc.peerings].map(({ id }) => id).concat(HOST_OBJECT_ID);

function commandsOf({ id, name, document, deployment }: LabSnapshot, place: Place, objectId: string): string[] {
  const preview = previewContext(document, { id, name }, place.publicPool);
  const context = {
    ...preview,
    publicAddresses: { ...preview.publicAddresses, ...deployment.publicAddresses },
    host: { ...preview.host, uplink: place.uplink ?? preview.host.uplink },
  };
  return linuxCommandsFor(document, context, objectId, { hostNetns: place.hostNetns });
}

/** Groups, ACLs, route tables and addresses are carried out inside other objects. */
function elsewhere(doc: Topology, id: string, name: string): string {
  const members = doc.instances.filter((instance) => instance.securityGroupIds.includes(id)).map((instance) => objectName(doc, instance.id));
  if (members.length > 0) return `${name} has no commands of its own: it is part of the rules of ${members.join(", ")} (vpcctl show linux ${members[0]}).`;
  const owner = [...doc.routeTables, ...doc.networkAcls, ...doc.securityGroups].find((object) => object.id === id);
  const vpc = owner && objectName(doc, owner.vpcId);
  return vpc === undefined ? `${name} has no commands of its own.` : `${name} has no commands of its own: it is part of its VPC's router (vpcctl show linux ${vpc}).`;
}
