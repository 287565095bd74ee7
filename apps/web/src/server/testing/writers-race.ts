import type { createClient } from "../../trpc/client";
import { vpcEdit } from "./vpc-edit";

type Client = ReturnType<typeof createClient>["client"];

/** What became of `writers` saves on one revision, all at once. */
export interface RaceEnd {
  readonly winners: number;
  /** Losers that got the winner's revision, document and author with their refusal. */
  readonly losers: number;
}

const hex = (value: number): string => value.toString(16).padStart(4, "0");

/** Many tabs of one or several sessions save a VPC of their own on the same revision; each but one must be told what is stored now. */
export async function raceOfWriters(clients: readonly Client[], topologyId: string, { baseRevision, writers }: { baseRevision: number; writers: number }): Promise<RaceEnd> {
  const answers = await Promise.all(Array.from({ length: writers }, (_, i) =>
    clients[i % clients.length]?.topology.save.mutate({
      id: topologyId, baseRevision, clientId: `tab${i}`, commands: [vpcEdit(`vpc-${hex(baseRevision)}${hex(i)}`, `writer-${i}`, `10.${i}.0.0/16`)],
    }) ?? Promise.reject(new Error("nobody writes"))));
  const winner = answers.findIndex(({ saved }) => saved);
  const isTold = (answer: (typeof answers)[number]): boolean => !answer.saved && answer.author !== null &&
    answer.current.revision === baseRevision + 1 && answer.current.document.vpcs.some(({ name }) => name === `writer-${winner}`);
  return { winners: answers.filter(({ saved }) => saved).length, losers: answers.filter(isTold).length };
}

/** Takes back what the winner drew, so that the next round begins as the first one did. Answers with the revision to begin on. */
export async function emptyAgain(client: Client, topologyId: string): Promise<number> {
  const { revision, document } = await client.topology.get.query({ id: topologyId });
  const commands = document.vpcs.map(({ id }) => ({ op: "delete" as const, id }));
  const answer = await client.topology.save.mutate({ id: topologyId, baseRevision: revision, clientId: "tidy", commands });
  if (!answer.saved) throw new Error("somebody else saved while nobody was there");
  return answer.revision;
}
