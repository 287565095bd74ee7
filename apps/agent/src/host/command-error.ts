import { AppError } from "@vpclab/shared/errors/app-error";

/** Debian and Ubuntu package of each program the agent uses. */
export const PACKAGE_OF: Readonly<Record<string, string>> = {
  ip: "iproute2",
  nft: "nftables",
  ping: "iputils-ping",
  setpriv: "util-linux",
  nsenter: "util-linux",
  unshare: "util-linux",
  prlimit: "util-linux",
  dnsmasq: "dnsmasq-base",
};

const REASON_LENGTH_MAX = 500;

/** A process that did not do what it was started for. `reason` is the program's own line, without ours around it. */
export class CommandError extends AppError {
  readonly reason: string;
  readonly exitCode: number | null;

  constructor(file: string, reason: string, exitCode: number | null, cause?: unknown) {
    super("COMMAND_FAILED", `${file}: ${reason}`, cause === undefined ? {} : { cause });
    this.name = "CommandError";
    this.reason = reason;
    this.exitCode = exitCode;
  }
}

export const missingProgram = (file: string): string =>
  `The program ${file} is not installed. Install it with: apt-get install ${PACKAGE_OF[file] ?? file}`;

/** The lines of an error output as one bounded line; `fallback` when it said nothing. */
export function reasonFrom(stderr: string, fallback: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !/^\^+$/.test(line));
  return (lines.join("; ") || fallback).slice(0, REASON_LENGTH_MAX);
}
