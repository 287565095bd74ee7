import type { EditCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";
import { moveInstance, newInstance, newInternetGateway, newPeering, newSubnet, newVpc, setSubnetType, type NewObject } from "../topology/new-object";
import type { Result } from "../errors/result";
import type { Topology } from "../topology/topology";

/**
 * A command that a person might make next, chosen by a number; some are refused by validation, on purpose. Only a document
 * without VPCs has just one choice.
 */
export function randomCommand(doc: Topology, choice: number, random: RandomBytes): EditCommand {
  const pick = <T>(items: readonly T[], salt: number): T | undefined => items[Math.abs(choice >> salt) % Math.max(items.length, 1)];
  const vpc = pick(doc.vpcs, 4);
  const other = pick(doc.vpcs, 9);
  const subnet = pick(doc.subnets, 5);
  const instance = pick(doc.instances, 6);
  const created = (made: Result<NewObject, unknown>): EditCommand | null => (made.ok ? made.value.command : null);
  const commands: (() => EditCommand | null)[] = [
    () => created(newVpc(doc, random)),
    () => vpc ? created(newSubnet(doc, vpc.id, choice & 1 ? "public" : "private", random)) : null,
    () => subnet ? created(newInstance(doc, subnet.id, random)) : null,
    () => vpc ? newInternetGateway(doc, vpc.id, random).command : null,
    () => vpc && other ? newPeering(doc, vpc.id, other.id, random).command : null,
    () => vpc ? { op: "update", kind: "vpc", id: vpc.id, set: { name: `n${Math.abs(choice) % 7}` } } : null,
    () => subnet ? setSubnetType(doc, subnet.id, choice & 2 ? "public" : "private", random) : null,
    () => subnet ? { op: "update", kind: "subnet", id: subnet.id, set: { cidr: `10.0.${Math.abs(choice) % 12}.0/25` } } : null,
    () => instance ? { op: "update", kind: "instance", id: instance.id, set: { webServer: choice & 4 ? { port: 8080 } : null } } : null,
    () => {
      const moved = instance && subnet ? moveInstance(doc, instance.id, subnet.id) : null;
      return moved?.ok ? moved.value : null;
    },
    () => instance ? { op: "delete", id: instance.id } : null,
    () => subnet && choice % 3 === 0 ? { op: "delete", id: subnet.id } : null,
    () => vpc && choice % 5 === 0 ? { op: "delete", id: vpc.id } : null,
    () => doc.peerings[0] ? { op: "delete", id: doc.peerings[0].id } : null,
    () => ({ op: "settings", set: { addressing: choice & 8 ? "aws" : "lab" } }),
  ];
  for (let i = 0; i < commands.length; i++) {
    const command = commands[(Math.abs(choice) + i) % commands.length]?.();
    if (command) return command;
  }
  throw new Error("no command fits, which cannot be: a VPC can always be added");
}
