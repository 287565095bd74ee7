import type { MintedJoinToken } from "@vpclab/shared/wire/api";

export type JoinMode = "sandbox" | "host";

const AGENT = "sudo node apps/agent/dist/agent.mjs";

/**
 * What a person pastes on the host, in a checkout of vpclab. The token is a here-document: it reaches the agent by standard input,
 * so that no list of processes shows it. The name is in the grammar of host names and the rest is the server's own.
 */
export const joinCommand = ({ name, token, url }: Pick<MintedJoinToken, "name" | "token" | "url">, mode: JoinMode): string =>
  [`${AGENT} enrol \\`, `  --url ${url} --name ${name} --mode ${mode} <<'TOKEN' &&`, token, "TOKEN", `${AGENT} run --mode ${mode}`].join("\n");

/** An address that means the reader's own machine: no other machine reaches the server by it. */
export const isLoopback = (url: string): boolean => /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(url);
