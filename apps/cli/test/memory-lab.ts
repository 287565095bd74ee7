import { AppError } from "@vpclab/shared/errors/app-error";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { FlowEnds, FlowsRequest } from "@vpclab/shared/wire/job";
import type { Deployment, MeasuredFlow, MeasuredFlows } from "@vpclab/shared/wire/live";
import { readEnvironment } from "../src/env";
import { editedDocument } from "../src/lab/edited-document";
import type { Edit, Lab, Place, Refusal } from "../src/lab/lab";
import { runProgram } from "../src/program";

/** A lab that keeps drawings and says of each object that it is in place: for what command lines ask of a lab. */
export class MemoryLab implements Lab {
  readonly refusals: string[] = [];
  readonly topologies = new Map<string, Topology>();
  place: Place = { kind: "local", label: "memory", mode: "sandbox", publicPool: true, sameMachine: true, hostNetns: "vpclab.host", uplink: "uplink0" };

  list(): Promise<[]> {
    return Promise.resolve([]);
  }

  async read(name: string) {
    const document = this.topologies.get(name);
    if (!document) throw new AppError("NOT_FOUND", `There is no topology “${name}” here.`);
    return Promise.resolve({ id: "1", name, revision: 1, document, deployment: deploymentOf(document) });
  }

  async change(name: string, edit: Edit, { create }: { create: boolean }) {
    const before = this.topologies.get(name) ?? (create ? EMPTY_TOPOLOGY : (await this.read(name)).document);
    const after = editedDocument(before, edit);
    this.topologies.set(name, after);
    return { before, after, revision: 1, deployment: deploymentOf(after), failure: null };
  }

  async cancel(name: string) {
    await this.read(name);
    return "over" as const;
  }

  plan() {
    return Promise.resolve({ basis: "observed", changes: [], steps: 0 } as never);
  }

  teardown(name: string) {
    this.topologies.delete(name);
    return Promise.resolve({ deployment: deploymentOf(EMPTY_TOPOLOGY), failure: null });
  }

  async remove(name: string) {
    await this.teardown(name);
  }

  probe(): Promise<never> {
    return Promise.reject(new Error("no packets here"));
  }

  /** What was asked, batch by batch. */
  readonly measured: FlowsRequest[] = [];
  outcomeOf = (_ends: FlowEnds): MeasuredFlow["outcome"] => "reached";

  measure(_name: string, request: FlowsRequest): Promise<MeasuredFlows> {
    this.measured.push(request);
    return Promise.resolve({ generation: 1, flows: request.flows.map((ends) => ({ outcome: this.outcomeOf(ends), expected: true })) });
  }

  async *counters() {
    yield await Promise.resolve({ at: 0, counters: {} });
  }

  activity(): Promise<[]> {
    return Promise.resolve([]);
  }

  noteRefusal(refusal: Refusal): Promise<void> {
    this.refusals.push(`${refusal.action} in ${refusal.topologyName}: ${refusal.text}: ${refusal.error.code}`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function deploymentOf(document: Topology): Deployment {
  const objects = Object.fromEntries([...objectsOf(document)].map(({ object }) => [object.id, { state: "in-place" as const }]));
  return { state: "in-place", revision: 1, generation: 1, objects, publicAddresses: {} };
}

export interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line as a shell would split it; quotes are not known. */
export async function vpcctl(line: string): Promise<Answer> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const exit = await runProgram(line.split(" ").filter(Boolean), readEnvironment({}), {
    stdout: { write: (text: string) => stdout.push(text) }, stderr: { write: (text: string) => stderr.push(text) },
  });
  return { exit, stdout: stdout.join(""), stderr: stderr.join("") };
}
