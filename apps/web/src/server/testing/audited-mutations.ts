import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import { enrol, FakeAgent } from "./fake-agent";
import type { AgentIdentity } from "./fake-agent";
import { invite, PASSWORD, signIn } from "./people";
import type { Person } from "./people";
import type { TestClient, TestServer } from "./test-server";
import { until } from "./until";
import { vpcEdit } from "./vpc-edit";

type Topology = Awaited<ReturnType<TestClient["topology"]["create"]["mutate"]>>;
/** A running server with an agent, and two topologies of two VPCs that nobody else uses. */
export interface Lab {
  readonly server: TestServer;
  /** The administrator's. */
  readonly client: TestClient;
  readonly nobody: TestClient;
  readonly agent: FakeAgent;
  readonly topology: Topology;
  readonly other: Topology;
}
interface Named {
  readonly id: string;
  readonly name: string;
}
export interface AuditedMutation<Prepared = unknown> {
  /** What must be there first; it is done and written down before the mutation is called. */
  prepare?(lab: Lab): Promise<Prepared>;
  call(lab: Lab, prepared: NoInfer<Prepared>): Promise<unknown>;
  /** Where it is not the administrator. */
  actor?(prepared: NoInfer<Prepared>): { readonly name: string; readonly role: string };
  /** What the end's entry is about. */
  about?(lab: Lab, prepared: NoInfer<Prepared>): object;
  /** Outcomes and revisions of the entries that it writes, oldest first; else one that it is done. */
  readonly entries?: readonly [outcome: string, before: number | null, after: number | null][];
}
/** Lets what is prepared have its own type. */
const row = <Prepared>(one: AuditedMutation<Prepared>): AuditedMutation => one;

let number = 0;
export const freeName = () => `free${number++}`;
const vpc = ({ document: { vpcs } }: Topology, called = "vpc1") => vpcs.find(({ name }) => name === called)?.id ?? "";
const instance = ({ document: { instances } }: Topology, i: number) => ({ instanceId: instances[i]?.id ?? "" });

const student = ({ server, client }: Lab, classId: string | null = null) => invite(server, client, freeName(), "student", classId);
const byStudent = ({ name }: Named) => ({ name, role: "student" });
const object = (kind: string) => (_: Lab, { id, name }: Named) => ({ kind, id, name });
const theTopology = ({ topology: { id, name } }: Lab) => ({ kind: "topology", id, name });
const newTopology = (_: Lab, name: string) => ({ kind: "topology", name });
const idOfOther = async ({ client }: Person) => (await client.account.sessions.query()).find(({ current }) => !current)?.id ?? "";
const newClass = ({ client }: Lab) => client.class.create.mutate({ name: freeName() });
const newInvitation = async ({ client }: Lab) => {
  await client.invitation.create.mutate({ role: "viewer", classId: null });
  return { id: (await client.invitation.list.query())[0]?.id ?? "", name: "viewer" };
};

/** An agent that has joined and waits for approval. */
async function pendingHost({ server, client }: Lab): Promise<Named & { identity: AgentIdentity }> {
  const name = freeName();
  const identity = await enrol(server.origin, (await client.host.mintToken.mutate({ name })).token, name);
  return { id: identity.agentId, name, identity };
}
async function approvedHost(lab: Lab) {
  const host = await pendingHost(lab);
  await lab.client.host.approve.mutate({ id: host.id });
  return host;
}
async function revokedHost(lab: Lab) {
  const host = await approvedHost(lab);
  await lab.client.host.revoke.mutate({ id: host.id });
  return host;
}
/** Its agent came with a number that it was never offered. */
async function lockedHost(lab: Lab) {
  const host = await approvedHost(lab);
  await new FakeAgent({ ...host.identity, joinSeq: 99 }).connect(agentUrl(lab.server)).catch(() => undefined);
  await until(async () => (await lab.client.audit.list.query({ limit: 1, object: host.id, outcome: "refused" })).entries.length > 0);
  return host;
}
export const agentUrl = ({ origin }: TestServer) => `${origin.replace("http", "ws")}/agent`;

async function theHost(client: Lab["client"], { identity: { agentId: id } }: FakeAgent): Promise<Named> {
  const name = (await client.host.list.query()).find((host) => host.id === id)?.name ?? "";
  return { id, name };
}
async function requestedPeering({ client, topology, other }: Lab): Promise<string> {
  const asked = await client.peering.request.mutate({ id: other.id, vpcId: vpc(other), peerTopologyId: topology.id, peerVpcId: vpc(topology, "vpc2") });
  return asked.peeringId;
}
async function applied({ client, topology: { id } }: Lab): Promise<void> {
  await client.deployment.applyNewest.mutate({ id });
  await until(async () => (await client.audit.list.query({ limit: 1, action: "job.end", object: id })).entries.length > 0);
}

/** Every mutation there is. A new one fails the test until it stands here. */
export const AUDITED_MUTATIONS: Readonly<Record<string, AuditedMutation>> = {
  // The first, because it works only while nobody has a password.
  "auth.setUp": row({
    prepare: async ({ server }) => new URL(await mintSignIn(controlSocketPath(server.dataDirectory), "/link")).searchParams.get("token") ?? "",
    call: ({ nobody }, token) => nobody.auth.setUp.mutate({ token, name: "admin", password: PASSWORD }),
    about: () => ({ kind: "user", name: "admin" }),
  }),
  "auth.signIn": row({ prepare: student, call: ({ nobody }, { name }) => nobody.auth.signIn.mutate({ name, password: PASSWORD }), actor: byStudent, about: object("user") }),
  "auth.register": row({
    prepare: async ({ client }) => ({ name: freeName(), code: (await client.invitation.create.mutate({ role: "student", classId: null })).token }),
    call: ({ nobody }, { name, code }) => nobody.auth.register.mutate({ name, code, password: PASSWORD }),
    actor: ({ name }) => ({ name, role: "student" }),
    about: (_, { name }) => ({ kind: "user", name }),
  }),
  "auth.signOut": row({ prepare: student, call: (_, { client }) => client.auth.signOut.mutate(), actor: byStudent, about: () => ({ kind: "session" }) }),
  "account.changePassword": row({
    prepare: student, call: (_, { client }) => client.account.changePassword.mutate({ current: PASSWORD, password: `${PASSWORD} 2` }), actor: byStudent, about: object("user"),
  }),
  "account.endSession": row({
    prepare: async (lab) => {
      const person = await student(lab);
      await signIn(lab.server, person.name);
      return { ...person, other: await idOfOther(person) };
    },
    call: (_, { client, other }) => client.account.endSession.mutate({ id: other }),
    actor: byStudent,
    about: (_, { other }) => ({ kind: "session", id: other }),
  }),
  "account.endOtherSessions": row({
    prepare: async (lab) => {
      const person = await student(lab);
      await signIn(lab.server, person.name);
      return person;
    },
    call: (_, { client }) => client.account.endOtherSessions.mutate(),
    actor: byStudent,
    about: object("user"),
  }),
  "user.setRole": row({ prepare: student, call: ({ client }, { id }) => client.user.setRole.mutate({ id, role: "viewer" }), about: object("user") }),
  "user.setDisabled": row({ prepare: student, call: ({ client }, { id }) => client.user.setDisabled.mutate({ id, disabled: true }), about: object("user") }),
  "user.remove": row({ prepare: student, call: ({ client }, { id }) => client.user.remove.mutate({ id }), about: object("user") }),
  "user.mintSignInLink": row({ prepare: student, call: ({ client }, { id }) => client.user.mintSignInLink.mutate({ id }), about: object("user") }),
  "class.create": row({ prepare: async () => freeName(), call: ({ client }, name) => client.class.create.mutate({ name }), about: (_, name) => ({ kind: "class", name }) }),
  "class.remove": row({ prepare: newClass, call: ({ client }, { id }) => client.class.remove.mutate({ id }), about: object("class") }),
  "class.renewCode": row({ prepare: newClass, call: ({ client }, { id }) => client.class.renewCode.mutate({ id }), about: object("class") }),
  "class.withdrawCode": row({
    prepare: async (lab) => {
      const made = await newClass(lab);
      await lab.client.class.renewCode.mutate({ id: made.id });
      return made;
    },
    call: ({ client }, { id }) => client.class.withdrawCode.mutate({ id }),
    about: object("class"),
  }),
  "class.removeMember": row({
    prepare: async (lab) => {
      const { id, name } = await newClass(lab);
      return { id, name, userId: (await student(lab, id)).id };
    },
    call: ({ client }, { id, userId }) => client.class.removeMember.mutate({ id, userId }),
    about: object("class"),
  }),
  "class.join": row({
    prepare: async (lab) => {
      const { id, name } = await newClass(lab);
      return { id, name, code: (await lab.client.class.renewCode.mutate({ id })).token, person: await student(lab) };
    },
    call: (_, { code, person }) => person.client.class.join.mutate({ code }),
    actor: ({ person }) => byStudent(person),
    about: object("class"),
  }),
  "invitation.create": { call: ({ client }) => client.invitation.create.mutate({ role: "student", classId: null }), about: () => ({ kind: "invitation", name: "student" }) },
  "invitation.withdraw": row({ prepare: newInvitation, call: ({ client }, { id }) => client.invitation.withdraw.mutate({ id }), about: object("invitation") }),
  "host.mintToken": row({ prepare: async () => freeName(), call: ({ client }, name) => client.host.mintToken.mutate({ name }), about: (_, name) => ({ kind: "join-token", name }) }),
  "host.approve": row({ prepare: pendingHost, call: ({ client }, { id }) => client.host.approve.mutate({ id }), about: object("host") }),
  "host.check": row({
    prepare: ({ client, agent }) => theHost(client, agent), call: ({ client }, { id }) => client.host.check.mutate({ id }), about: object("host"),
  }),
  "host.reject": row({ prepare: pendingHost, call: ({ client }, { id }) => client.host.reject.mutate({ id }), about: object("host") }),
  "host.revoke": row({ prepare: approvedHost, call: ({ client }, { id }) => client.host.revoke.mutate({ id }), about: object("host") }),
  "host.unlock": row({ prepare: lockedHost, call: ({ client }, { id }) => client.host.unlock.mutate({ id }), about: object("host") }),
  "host.remove": row({ prepare: revokedHost, call: ({ client }, { id }) => client.host.remove.mutate({ id }), about: object("host") }),
  "host.rotateKey": {
    call: async ({ client, agent, server }) => {
      await client.host.rotateKey.mutate();
      await agent.connect(agentUrl(server));
    },
    about: () => ({ kind: "key-set", id: "2" }),
    entries: [["begun", null, null], ["done", null, null]],
  },
  "host.choose": row({
    prepare: approvedHost, call: ({ client, topology: { id } }, host) => client.host.choose.mutate({ id, hostId: host.id }),
    about: theTopology, entries: [["done", 1, null]],
  }),
  "topology.create": row({ prepare: async () => freeName(), call: ({ client }, name) => client.topology.create.mutate({ name, template: "empty" }), about: newTopology, entries: [["done", null, 1]] }),
  "topology.import": row({
    prepare: async () => freeName(), call: ({ client, topology: { document } }, name) => client.topology.import.mutate({ name, document }), about: newTopology, entries: [["done", null, 1]],
  }),
  "topology.duplicate": row({
    prepare: async () => freeName(), call: ({ client, topology: { id } }, name) => client.topology.duplicate.mutate({ id, name }), about: newTopology, entries: [["done", null, 1]],
  }),
  "topology.rename": { call: ({ client, topology: { id } }) => client.topology.rename.mutate({ id, name: freeName() }), about: theTopology, entries: [["done", 1, null]] },
  "topology.remove": { call: ({ client, topology: { id } }) => client.topology.remove.mutate({ id }), about: theTopology, entries: [["done", 1, null]] },
  "topology.save": {
    call: ({ client, topology: { id } }) => client.topology.save.mutate({ id, baseRevision: 1, clientId: "tab", commands: [vpcEdit("vpc-00000001", "third", "10.9.0.0/16")] }),
    about: theTopology,
    entries: [["done", 1, 2]],
  },
  "topology.saveLayout": {
    call: ({ client, topology }) => client.topology.saveLayout.mutate({ id: topology.id, clientId: "tab", patch: { [vpc(topology)]: { x: 1, y: 1 } } }),
    about: theTopology,
    entries: [["done", 1, null]],
  },
  "deployment.preview": { call: ({ client, topology: { name } }) => client.deployment.preview.mutate({ name, desired: null }) },
  "deployment.applyNewest": { call: ({ client, topology: { id } }) => client.deployment.applyNewest.mutate({ id }), entries: [["done", 1, null]] },
  "deployment.cancel": { prepare: applied, call: ({ client, topology: { id } }) => client.deployment.cancel.mutate({ id }), entries: [["done", 1, null]] },
  "deployment.teardown": { prepare: applied, call: ({ client, topology: { id } }) => client.deployment.teardown.mutate({ id }), entries: [["done", 1, null]] },
  "peering.request": {
    call: ({ client, topology, other }) => client.peering.request.mutate({ id: topology.id, vpcId: vpc(topology), peerTopologyId: other.id, peerVpcId: vpc(other, "vpc2") }),
    entries: [["done", 1, 2]],
  },
  "peering.answer": row({
    prepare: requestedPeering, call: ({ client, topology: { id } }, peeringId) => client.peering.answer.mutate({ id, peeringId, accept: false }), entries: [["done", 2, 3]],
  }),
  "probe.run": {
    prepare: applied,
    call: ({ client, topology }) => client.probe.run.mutate({ id: topology.id, source: instance(topology, 0), destination: instance(topology, 1), kind: "ping", port: null }),
    entries: [["begun", 1, null], ["done", 1, null]],
  },
  "probe.measure": {
    prepare: applied,
    call: ({ client, topology }) => client.probe.measure.mutate({ id: topology.id, kind: "ping", port: null, flows: [{ source: instance(topology, 0), destination: instance(topology, 1) }] }),
    entries: [["begun", 1, null], ["done", 1, null]],
  },
  "stage.create": { call: ({ client, topology: { id } }) => client.stage.create.mutate({ id, hours: 1 }), about: theTopology, entries: [["done", 1, null]] },
  "stage.revoke": row({
    prepare: async ({ client, topology: { id } }) => {
      await client.stage.create.mutate({ id, hours: 1 });
      return (await client.stage.list.query({ id }))[0]?.id ?? "";
    },
    call: ({ client, topology: { id } }, linkId) => client.stage.revoke.mutate({ id, linkId }), about: theTopology, entries: [["done", 1, null]],
  }),
  "audit.verify": { call: ({ client }) => client.audit.verify.mutate() },
  "audit.export": { call: ({ client }) => client.audit.export.mutate({}) },
};
