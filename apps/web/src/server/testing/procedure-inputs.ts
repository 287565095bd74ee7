import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";

/** An id that nothing has. */
export const TOPOLOGY = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const ends = { source: { instanceId: "i-00000001" }, destination: { instanceId: "i-00000002" } };
const own = { id: "vpc-00000001", vpcId: "vpc-00000001", subnetId: "subnet-00000001", name: "x" };

/** One command of every kind with every field of that kind. */
const COMMANDS = [
  { op: "create", kind: "vpc", object: { id: own.id, name: "v", cidr: "10.0.0.0/16", mainRouteTableId: "rtb-00000001", defaultNetworkAclId: "acl-00000001", defaultSecurityGroupId: "sg-00000001", reachableFromHost: false, dnsSupport: true } },
  { op: "create", kind: "subnet", object: { id: "subnet-00000001", vpcId: own.vpcId, name: "s", cidr: "10.0.0.0/24", routeTableId: "rtb-00000001", networkAclId: "acl-00000001", autoAssignPublicAddress: true, firewall: null } },
  { op: "create", kind: "instance", object: { id: "i-00000001", subnetId: own.subnetId, name: "main", address: "10.0.0.2", webServer: { port: 80 }, securityGroupIds: ["sg-00000001"], sourceDestCheck: true, publishedPorts: [{ protocol: "tcp", hostPort: 8080, port: 80 }] } },
  { op: "create", kind: "internet-gateway", object: { id: "igw-00000001", vpcId: own.vpcId, name: "igw" } },
  { op: "create", kind: "nat-gateway", object: { id: "nat-00000001", subnetId: own.subnetId, name: "nat", address: "10.0.0.3" } },
  { op: "create", kind: "elastic-ip", object: { id: "eipalloc-00000001", name: "eip", target: { kind: "nat-gateway", id: "nat-00000001" } } },
  { op: "create", kind: "route-table", object: { id: "rtb-00000001", vpcId: own.vpcId, name: "main", routes: [{ destination: "0.0.0.0/0", target: { kind: "internet-gateway", id: "igw-00000001" } }] } },
  { op: "create", kind: "security-group", object: { id: "sg-00000001", vpcId: own.vpcId, name: "sg", description: "", rules: [{ id: "sgr-00000001", direction: "ingress", protocol: "tcp", ports: { from: 80, to: 80 }, peer: { cidr: "0.0.0.0/0" }, description: "" }] } },
  { op: "create", kind: "network-acl", object: { id: "acl-00000001", vpcId: own.vpcId, name: "acl", entries: [{ direction: "ingress", number: 100, action: "allow", protocol: "tcp", ports: { from: 80, to: 80 }, cidr: "0.0.0.0/0" }] } },
  { op: "create", kind: "peering", object: { id: "pcx-00000001", name: "p", requesterVpcId: own.vpcId, accepterVpcId: "vpc-00000002", status: "active", remote: { side: "accepter", topologyId: TOPOLOGY, topologyName: "t", vpcName: "v", cidr: "10.1.0.0/16" } } },
  { op: "update", kind: "vpc", id: own.id, set: { name: "v" } },
  { op: "delete", id: own.id },
  { op: "settings", set: { addressing: "lab", driftRepair: "manual" } },
  { op: "batch", commands: [{ op: "delete", id: own.id }] },
];

/** An input of the right types for every procedure that takes one; for a save one of each command. */
export const INPUTS: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ["topology.get", "", { id: TOPOLOGY }],
  ["topology.create", "", { name: "x", template: "empty" }],
  ["topology.import", "", { name: "x", document: EMPTY_TOPOLOGY, layout: { "vpc-00000001": { x: 1, y: 2 } } }],
  ["topology.export", "", { id: TOPOLOGY }],
  ["topology.rename", "", { id: TOPOLOGY, name: "x" }],
  ["topology.duplicate", "", { id: TOPOLOGY, name: "x" }],
  ["topology.remove", "", { id: TOPOLOGY }],
  ...COMMANDS.map((command) => ["topology.save", `${command.op} ${command.kind ?? ""}`, { id: TOPOLOGY, baseRevision: 1, clientId: "t", commands: [command] }] as const),
  ["topology.saveLayout", "", { id: TOPOLOGY, patch: { "vpc-00000001": { x: 1, y: 2 } }, clientId: "t" }],
  ["topology.revisions", "", { id: TOPOLOGY }],
  ["topology.revision", "", { id: TOPOLOGY, revision: 1 }],
  ["deployment.plan", "", { id: TOPOLOGY }],
  ["deployment.applyNewest", "", { id: TOPOLOGY }],
  ["deployment.teardown", "", { id: TOPOLOGY }],
  ["deployment.preview", "", { name: "x", desired: EMPTY_TOPOLOGY }],
  ["activity.list", "", { topology: TOPOLOGY, before: TOPOLOGY, limit: 10, only: "trouble" }],
  ["activity.get", "", { entryId: TOPOLOGY }],
  ["peering.candidates", "", { id: TOPOLOGY, vpcId: own.id }],
  ["peering.request", "", { id: TOPOLOGY, vpcId: own.id, peerTopologyId: TOPOLOGY, peerVpcId: own.id }],
  ["peering.answer", "", { id: TOPOLOGY, peeringId: "pcx-00000001", accept: true }],
  ["auth.signIn", "", { name: "nobody", password: "correct horse battery" }],
  ["auth.setUp", "", { token: "x", name: "nobody", password: "correct horse battery" }],
  ["auth.register", "", { code: "x", name: "nobody", password: "correct horse battery" }],
  ["account.changePassword", "", { current: "wrong", password: "correct horse battery" }],
  ["account.endSession", "", { id: TOPOLOGY }],
  ["user.setRole", "", { id: TOPOLOGY, role: "student" }],
  ["user.setDisabled", "", { id: TOPOLOGY, disabled: true }],
  ["user.remove", "", { id: TOPOLOGY }],
  ["user.mintSignInLink", "", { id: TOPOLOGY }],
  ["class.create", "", { name: "x" }],
  ["class.remove", "", { id: TOPOLOGY }],
  ["class.renewCode", "", { id: TOPOLOGY }],
  ["class.withdrawCode", "", { id: TOPOLOGY }],
  ["class.removeMember", "", { id: TOPOLOGY, userId: TOPOLOGY }],
  ["class.join", "", { code: "x" }],
  ["invitation.create", "", { role: "student", classId: TOPOLOGY }],
  ["invitation.withdraw", "", { id: TOPOLOGY }],
  ["host.mintToken", "", { name: "lab2" }],
  ...["approve", "reject", "revoke", "unlock", "remove"].map((verb) => [`host.${verb}`, "", { id: TOPOLOGY }] as const),
  ["host.choose", "", { id: TOPOLOGY, hostId: TOPOLOGY }],
  ["audit.list", "", { actor: "x", action: "x", object: "x", outcome: "done", from: 0, until: 1, cursor: 5, limit: 10 }],
  ["audit.export", "", { actor: "x", action: "x", object: "x", outcome: "done", from: 0, until: 1, cursor: 5 }],
  ["deployment.inspect", "", { id: TOPOLOGY, objectId: "vpc-00000001" }],
  ["probe.measure", "", { id: TOPOLOGY, kind: "tcp", port: 80, flows: [ends] }],
  ["probe.run", "", { id: TOPOLOGY, ...ends, kind: "tcp", port: 80 }],
];
