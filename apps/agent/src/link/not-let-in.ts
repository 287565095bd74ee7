import type { NotLetIn } from "@vpclab/shared/wire/messages";
import { NOT_LET_IN } from "@vpclab/shared/wire/messages";

/** What the server's reason for hanging up means here. The close frame is not signed: it chooses among these words, and nothing more. */
const WORDS: Record<NotLetIn, string> = {
  pending: "this host waits for its approval on the server's Hosts page; compare the fingerprint there with the one that `vpclab-agent enrol` printed",
  locked: "the server has locked this host, because an agent with a copy of its state was seen, or an older state; look for the copy, then unlock it on the server's Hosts page",
  revoked: "the server has revoked this host; to join again: vpclab-agent purge --forget, then enrol with a new token",
};

/** Null: the connection ended for another reason. */
export const notLetIn = (code: number, reason: string): NotLetIn | null => (code === 1008 ? NOT_LET_IN.find((known) => known === reason) ?? null : null);

export const notLetInWords = (why: NotLetIn): string => WORDS[why];
