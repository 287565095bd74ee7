import { readFileSync } from "node:fs";
import { z } from "zod";
import { CommandError, reasonFrom } from "../host/command-error";
import type { CommandRunner } from "../host/command-runner";

/** A chain of somebody else that every forwarded packet passes. */
interface ForwardChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** What is not let through ends here, so vpclab's packets need a rule. */
  readonly drops: boolean;
}

/** One way of looking after a rule of ours in such a chain. */
interface Tool {
  has(): Promise<boolean>;
  add(): Promise<void>;
  remove(): Promise<void>;
  /** What a person would type. */
  readonly commands: { readonly add: string; readonly remove: string };
}

interface Difference {
  readonly words: string;
  readonly command: string;
}

const COMMENT = "vpclab";
/** Of what nft itself accepts as a name without quotes; others never become words of a command. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9/_.-]*$/;
const LOOK_AGAIN_AFTER_MS = 2_000;
const LEGACY_TABLES = "/proc/net/ip_tables_names";

const ChainsSchema = z.object({
  nftables: z.array(z.looseObject({
    chain: z.looseObject({
      family: z.string(), table: z.string(), name: z.string(), type: z.string().optional(), hook: z.string().optional(), policy: z.string().optional(),
    }).optional(),
  })),
});
const RulesSchema = z.object({
  nftables: z.array(z.looseObject({ rule: z.looseObject({ handle: z.number(), comment: z.string().optional() }).optional() })),
});

export interface HostFirewallOptions {
  readonly runner: CommandRunner;
  /** Packet mark that the host's table gives to what vpclab forwards. */
  readonly mark: number;
  /** Kernel file with the tables of iptables-legacy; only tests have another. */
  readonly legacyTables?: string;
}

/**
 * Firewalls of others on a real host (Docker, ufw, firewalld): a packet has to pass every chain of the forward hook, so where
 * one drops by policy, one marked rule there accepts what carries vpclab's mark. Reads the names of chains and the rules of such
 * chains only, never sets: old versions of nft die of foreign sets (kubernetes/kubernetes#136786). A chain of iptables is only
 * ever written by iptables itself, which would not understand a rule of nft.
 */
export class HostFirewall {
  readonly #options: HostFirewallOptions;
  #last: { readonly open: boolean; readonly atMs: number; readonly differences: readonly Difference[] } | null = null;
  #iptables: Promise<{ nft: string | null; legacy: string | null }> | null = null;

  constructor(options: HostFirewallOptions) {
    this.#options = options;
  }

  /** What differs from "our rule is there" (or is not, with `open` false). Never writes. */
  async look(open: boolean): Promise<readonly Difference[]> {
    if (this.#last?.open === open && performance.now() - this.#last.atMs < LOOK_AGAIN_AFTER_MS) return this.#last.differences;
    const differences = (await this.#wrong(open)).map(({ chain, tool }) => open
      ? { words: `${nameOf(chain)} drops what is forwarded, and has no rule for vpclab`, command: tool.commands.add }
      : { words: `${nameOf(chain)} still has a rule for vpclab`, command: tool.commands.remove });
    this.#last = { open, atMs: performance.now(), differences };
    return differences;
  }

  /** Puts the rule where it is missing, or removes every one. Throws CommandError. */
  async settle(open: boolean): Promise<void> {
    this.#last = null;
    for (const { tool } of await this.#wrong(open)) await (open ? tool.add() : tool.remove());
  }

  /** The chains where our rule is missing, or stands although it should not. One that drops no more needs none. */
  async #wrong(open: boolean): Promise<{ chain: ForwardChain; tool: Tool }[]> {
    const wrong: { chain: ForwardChain; tool: Tool }[] = [];
    for (const chain of await this.#chains()) {
      const wanted = open && chain.drops;
      if (open && !wanted) continue;
      const tool = await this.#toolFor(chain);
      if (tool && (await tool.has()) !== wanted) wrong.push({ chain, tool });
    }
    return wrong;
  }

  async #chains(): Promise<ForwardChain[]> {
    const { stdout } = await this.#options.runner.run({ file: "nft", args: ["-j", "list", "chains"] });
    const chains = ChainsSchema.parse(JSON.parse(stdout)).nftables.flatMap(({ chain }): ForwardChain[] => {
      if (chain?.type !== "filter" || chain.hook !== "forward") return [];
      const { family, table, name } = chain;
      if (!["ip", "inet"].includes(family) || (family === "inet" && table === "vpclab")) return [];
      // firewalld's policy is accept, but its last rule rejects.
      return [{ family, table, name, drops: chain.policy === "drop" || (table === "firewalld" && name === "filter_FORWARD") }];
    });
    const legacy = await this.#legacyChain();
    return legacy ? [...chains, legacy] : chains;
  }

  /** Asking iptables-legacy makes its tables where there are none, so the kernel is asked first. */
  async #legacyChain(): Promise<ForwardChain | null> {
    const { legacy } = await this.#iptablesBinaries();
    if (legacy === null || !legacyTables(this.#options.legacyTables ?? LEGACY_TABLES).includes("filter")) return null;
    const { stdout } = await this.#options.runner.run({ file: legacy, args: ["-w", "-S", "FORWARD"] });
    return { ...LEGACY, drops: /^-P FORWARD DROP$/m.test(stdout) };
  }

  async #toolFor(chain: ForwardChain): Promise<Tool | null> {
    const { nft, legacy } = await this.#iptablesBinaries();
    if (chain.family === LEGACY.family) return legacy === null ? null : this.#byIptables(legacy);
    if (nft !== null && chain.family === "ip" && chain.table === "filter" && chain.name === "FORWARD") return this.#byIptables(nft);
    return PLAIN_NAME.test(chain.table) && PLAIN_NAME.test(chain.name) ? this.#byNft(chain) : null;
  }

  #byIptables(file: string): Tool {
    const rule = ["-m", "comment", "--comment", COMMENT, "-m", "mark", "--mark", hex(this.#options.mark), "-j", "ACCEPT"];
    const { runner } = this.#options;
    const run = async (option: string): Promise<void> => void (await runner.run({ file, args: ["-w", option, "FORWARD", ...rule] }));
    const has = async (): Promise<boolean> => (await runner.tryRun({ file, args: ["-w", "-C", "FORWARD", ...rule] })).exitCode === 0;
    const typed = (option: string): string => [file, option, "FORWARD", ...rule].join(" ");
    return {
      has,
      commands: { add: typed("-I"), remove: typed("-D") },
      add: () => run("-I"),
      // Twice, if two agents were started on one host.
      remove: async () => { while (await has()) await run("-D"); },
    };
  }

  #byNft({ family, table, name }: ForwardChain): Tool {
    const { runner, mark } = this.#options;
    const handles = async (): Promise<number[]> => {
      const { exitCode, stdout, stderr } = await runner.tryRun({ file: "nft", args: ["-j", "-a", "list", "chain", family, table, name] });
      if (exitCode !== 0) throw new CommandError("nft", reasonFrom(stderr, "could not list a chain"), exitCode);
      return RulesSchema.parse(JSON.parse(stdout)).nftables.flatMap(({ rule }) => (rule?.comment === COMMENT ? [rule.handle] : []));
    };
    const insert = ["insert", "rule", family, table, name, "meta", "mark", hex(mark), "accept", "comment", COMMENT];
    return {
      has: async () => (await handles()).length > 0,
      commands: { add: ["nft", ...insert].join(" "), remove: `nft delete rule ${family} ${table} ${name} handle $(nft -a list chain ${family} ${table} ${name} | grep -oP 'comment "${COMMENT}" # handle \\K[0-9]+')` },
      add: async () => void (await runner.run({ file: "nft", args: insert })),
      remove: async () => {
        for (const handle of await handles()) await runner.run({ file: "nft", args: ["delete", "rule", family, table, name, "handle", String(handle)] });
      },
    };
  }

  /** Which program manages which kind of iptables rules here; both names can be either. Asked once. */
  #iptablesBinaries(): Promise<{ nft: string | null; legacy: string | null }> {
    this.#iptables ??= (async () => {
      const found: { nft: string | null; legacy: string | null } = { nft: null, legacy: null };
      for (const file of ["iptables", "iptables-nft", "iptables-legacy"]) {
        const version = await this.#options.runner.tryRun({ file, args: ["-V"] }).then(({ stdout }) => stdout, () => "");
        if (/nf_tables/.test(version)) found.nft ??= file;
        else if (/^iptables v/.test(version)) found.legacy ??= file;
      }
      return found;
    })();
    return this.#iptables;
  }
}

/** No family of nft: what stands outside of nftables. */
const LEGACY = { family: "legacy", table: "filter", name: "FORWARD" } as const;

const nameOf = ({ family, table, name }: ForwardChain): string =>
  family === LEGACY.family ? `chain ${name} of iptables-legacy` : `chain ${name} of table ${family} ${table}`;

const hex = (mark: number): string => `0x${mark.toString(16)}`;

function legacyTables(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return []; // the module is not loaded
  }
}
