import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { Topology } from "@vpclab/shared/topology/topology";

/** A document that shows the same fault with less in it. `still` is asked about valid documents only, at most `triesMax` times. */
export async function smallest(document: Topology, kept: ReadonlySet<string>, still: (smaller: Topology) => Promise<boolean>, triesMax = 300): Promise<Topology> {
  let best = document;
  let tries = 0;
  for (let before: Topology | null = null; before !== best;) {
    before = best;
    for (let position = 0; ;) {
      const command = removals(best, kept)[position];
      if (!command) break;
      const edited = applyEdit(best, command);
      if (edited.ok && tries >= triesMax) return best;
      if (edited.ok) tries += 1;
      // After a success the next thing to leave out has moved to this position.
      if (edited.ok && (await still(edited.value.document))) best = edited.value.document;
      else position += 1;
    }
  }
  return best;
}

/** Everything that could be left out, the biggest first. */
function removals(doc: Topology, kept: ReadonlySet<string>): EditCommand[] {
  const objects = [...objectsOf(doc)].filter(({ object }) => !kept.has(object.id));
  return [
    ...objects.map(({ object }): EditCommand => ({ op: "delete", id: object.id })),
    ...doc.subnets.flatMap(({ id, networkAclId, routeTableId }): EditCommand[] => [
      ...(networkAclId === null ? [] : [{ op: "update" as const, kind: "subnet" as const, id, set: { networkAclId: null } }]),
      ...(routeTableId === null ? [] : [{ op: "update" as const, kind: "subnet" as const, id, set: { routeTableId: null } }]),
    ]),
    ...doc.subnets.flatMap(({ id, firewall }): EditCommand[] => !firewall ? [] : [
      { op: "update", kind: "subnet", id, set: { firewall: null } },
      ...firewall.rules.map((_, i): EditCommand => ({ op: "update", kind: "subnet", id, set: { firewall: { ...firewall, rules: without(firewall.rules, i) } } })),
    ]),
    ...doc.instances.flatMap((instance): EditCommand[] => [
      ...instance.securityGroupIds.map((_, i): EditCommand => ({ op: "update", kind: "instance", id: instance.id, set: { securityGroupIds: without(instance.securityGroupIds, i) } })),
      ...instance.publishedPorts.map((_, i): EditCommand => ({ op: "update", kind: "instance", id: instance.id, set: { publishedPorts: without(instance.publishedPorts, i) } })),
    ]),
    ...doc.routeTables.flatMap((table) => table.routes.map((_, i): EditCommand => ({ op: "update", kind: "route-table", id: table.id, set: { routes: without(table.routes, i) } }))),
    ...doc.securityGroups.flatMap((group) => group.rules.map((_, i): EditCommand => ({ op: "update", kind: "security-group", id: group.id, set: { rules: without(group.rules, i) } }))),
    ...doc.networkAcls.flatMap((acl) => acl.entries.map((_, i): EditCommand => ({ op: "update", kind: "network-acl", id: acl.id, set: { entries: without(acl.entries, i) } }))),
  ];
}

const without = <T>(items: readonly T[], index: number): T[] => items.filter((_, other) => other !== index);
