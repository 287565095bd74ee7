import { ADDRESS, LINK, MAC, NUMBER, PREFIX_LENGTH, WORD, whole } from "./words";

/** Where a script is being read: its tokens and how far it has come. Throws at the first that does not fit. */
class Tokens {
  #at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get next(): string {
    return this.tokens[this.#at] ?? "";
  }

  take(...wanted: readonly (string | RegExp)[]): void {
    for (const one of wanted) {
      if (typeof one === "string" ? this.next !== one : !one.test(this.next)) throw new Error(`“${this.next.slice(0, 80)}” at token ${this.#at + 1}`);
      this.#at += 1;
    }
  }

  /** Takes these if they come next. */
  takeIf(...wanted: readonly string[]): boolean {
    if (!wanted.every((one, i) => this.tokens[this.#at + i] === one)) return false;
    this.#at += wanted.length;
    return true;
  }

  end(): void {
    if (this.#at !== this.tokens.length) throw new Error(`“${this.next.slice(0, 80)}” after the end`);
  }
}

const TOKEN = /"[^"\\\n]*"|[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![0-9a-f:])|[{}:;,]|[^\s{}:;,"]+/y;
const SPACES = / */y;

function tokensOf(line: string): Tokens {
  const tokens: string[] = [];
  for (let at = 0; ;) {
    SPACES.lastIndex = at;
    SPACES.exec(line);
    TOKEN.lastIndex = SPACES.lastIndex;
    if (TOKEN.lastIndex === line.length) return new Tokens(tokens);
    const [token] = TOKEN.exec(line) ?? [];
    if (token === undefined) throw new Error(`an unreadable character in “${line.slice(0, 80)}”`);
    tokens.push(token);
    at = TOKEN.lastIndex;
  }
}

const NAME = whole(WORD);
const COMMENT = whole(`"${WORD.replace("$", '"$')}"`);
const ADDRESSES = whole(`${ADDRESS}(?:-${ADDRESS}|/${PREFIX_LENGTH})?|@${WORD}`);
const LINKS = whole(LINK);
const MACS = whole(MAC);
const PORTS = whole(`${NUMBER}(?:-${NUMBER})?`);
const PROTOCOLS = whole("tcp|udp|icmp");
const STATES = whole("established|related|new|dnat");
const PRIORITY = whole(`-?${NUMBER}`);

/** One value of a kind, or several in braces. */
function values(tokens: Tokens, kind: RegExp): void {
  if (!tokens.takeIf("{")) return tokens.take(kind);
  do tokens.take(kind); while (tokens.takeIf(","));
  tokens.take("}");
}

function verdict(tokens: Tokens): void {
  if (tokens.takeIf("jump") || tokens.takeIf("goto")) return tokens.take(NAME);
  tokens.take(/^(?:accept|drop|return)$/);
}

/** What a rule may look at, and the kind of value that it is compared with. */
const KEYS: readonly { readonly words: readonly string[]; readonly kind: RegExp }[] = [
  { words: ["iifname"], kind: LINKS }, { words: ["oifname"], kind: LINKS },
  { words: ["ip", "saddr"], kind: ADDRESSES }, { words: ["ip", "daddr"], kind: ADDRESSES },
  { words: ["ether", "saddr"], kind: MACS },
  ...["tcp", "udp", "th"].flatMap((protocol) => ["sport", "dport"].map((field) => ({ words: [protocol, field], kind: PORTS }))),
  { words: ["icmp", "type"], kind: /^echo-request$/ },
  { words: ["meta", "l4proto"], kind: PROTOCOLS }, { words: ["meta", "nfproto"], kind: /^ipv6$/ }, { words: ["meta", "mark"], kind: PORTS },
  { words: ["fib", "daddr", "type"], kind: /^local$/ },
];

function condition(tokens: Tokens): boolean {
  if (tokens.takeIf("ct", "state") || tokens.takeIf("ct", "status")) {
    do tokens.take(STATES); while (tokens.takeIf(","));
    return true;
  }
  const key = KEYS.find(({ words }) => tokens.takeIf(...words));
  if (!key) return false;
  if (tokens.takeIf("vmap")) {
    tokens.take("{");
    do {
      tokens.take(key.kind, ":");
      verdict(tokens);
    } while (tokens.takeIf(","));
    tokens.take("}");
    return true;
  }
  tokens.takeIf("!=");
  values(tokens, key.kind);
  return true;
}

const ONE_ADDRESS = whole(ADDRESS);

function statement(tokens: Tokens): void {
  if (tokens.takeIf("counter")) {
    if (tokens.takeIf("name")) tokens.take(NAME);
  } else if (tokens.takeIf("snat", "ip", "to") || tokens.takeIf("dnat", "ip", "to")) {
    tokens.take(ONE_ADDRESS);
    if (tokens.takeIf(":")) tokens.take(PORTS);
  } else if (tokens.takeIf("meta", "mark", "set")) {
    tokens.take(/^0x[0-9a-f]{1,8}$/);
  } else if (!tokens.takeIf("notrack") && !tokens.takeIf("masquerade")) {
    verdict(tokens);
  }
}

function rule(tokens: Tokens): void {
  while (!tokens.takeIf("comment")) {
    if (tokens.next === "") throw new Error("a rule without a comment");
    if (tokens.next === "meta" && isMarkSet(tokens)) continue;
    if (!condition(tokens)) statement(tokens);
  }
  tokens.take(COMMENT);
}

/** `meta` begins a condition, and the one statement that sets something. */
function isMarkSet(tokens: Tokens): boolean {
  if (!tokens.takeIf("meta", "mark", "set")) return false;
  tokens.take(/^0x[0-9a-f]{1,8}$/);
  return true;
}

function hook(tokens: Tokens): void {
  tokens.take("type", /^(?:filter|nat)$/, "hook", /^(?:prerouting|input|forward|output|postrouting)$/, "priority", PRIORITY, ";", "policy", /^(?:accept|drop)$/, ";");
}

function setType(tokens: Tokens): void {
  tokens.take("type", "ipv4_addr", ";");
  if (tokens.takeIf("flags")) tokens.take("interval", ";");
}

const OURS = ["inet", "vpclab"] as const;

function addition(tokens: Tokens): void {
  if (tokens.takeIf("rule")) {
    tokens.take(...OURS, NAME);
    return rule(tokens);
  }
  if (tokens.takeIf("element")) {
    tokens.take(...OURS, NAME);
    return values(tokens, ADDRESSES);
  }
  if (tokens.takeIf("counter")) return tokens.take(...OURS, NAME);
  const isSet = tokens.takeIf("set");
  if (!isSet) tokens.take("chain");
  tokens.take(...OURS, NAME);
  if (!isSet && tokens.next === "") return;
  tokens.take("{");
  if (isSet) setType(tokens);
  else hook(tokens);
  tokens.take("}");
}

function statementLine(tokens: Tokens): void {
  if (tokens.takeIf("add")) return addition(tokens);
  if (tokens.takeIf("flush", "chain")) return tokens.take(...OURS, NAME);
  if (tokens.takeIf("delete", "element")) {
    tokens.take(...OURS, NAME);
    return values(tokens, ADDRESSES);
  }
  if (tokens.takeIf("delete", "table")) return tokens.take(...OURS);
  if (tokens.takeIf("delete")) return tokens.take(/^(?:counter|set|chain)$/, ...OURS, NAME);
  tokens.take("table", ...OURS);
  tokens.takeIf("{");
}

function insideTable(tokens: Tokens): void {
  if (tokens.takeIf("counter") && NAME.test(tokens.next) && tokens.next !== "name") return tokens.take(NAME, "{");
  if (tokens.takeIf("set") || tokens.takeIf("chain")) return tokens.take(NAME, "{");
  tokens.take("}");
}

function insideBlock(line: string): void {
  const tokens = tokensOf(line);
  if (tokens.takeIf("elements", "=")) values(tokens, ADDRESSES);
  else if (tokens.next === "type" && line.includes(" hook ")) hook(tokens);
  else if (tokens.next === "type") setType(tokens);
  else if (tokens.next === "}") tokens.take("}");
  else rule(tokens);
  tokens.end();
}

/** Null, or what of a script for `nft -f` is outside the grammar: one line a statement, our own table and no other. */
export function nftFault(script: string): string | null {
  if (!script.endsWith("\n")) return "a script without a line end";
  let depth = 0;
  for (const line of script.slice(0, -1).split("\n")) {
    try {
      if (depth === 2) insideBlock(line);
      else {
        const tokens = tokensOf(line);
        if (depth === 1) insideTable(tokens);
        else statementLine(tokens);
        tokens.end();
      }
    } catch (error) {
      return `${line.trim().slice(0, 200)}: ${(error as Error).message}`;
    }
    if (line.endsWith("{")) depth += 1;
    else if (line.trim() === "}") depth -= 1;
  }
  return depth === 0 ? null : "a block without an end";
}
