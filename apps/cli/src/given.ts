import { UsageError } from "./usage-error";

/** The arguments and own options that a command was called with. */
export class Given {
  constructor(
    /** By position; a variadic argument is a list. */
    private readonly args: readonly unknown[],
    /** By camel-case name, e.g. `internetInterface`. */
    private readonly options: Readonly<Record<string, unknown>>,
  ) {}

  arg(position: number): string | null {
    const value = this.args[position];
    return typeof value === "string" ? value : null;
  }

  /** A variadic argument; empty where nothing was given. */
  rest(position: number): readonly string[] {
    const value = this.args[position];
    return Array.isArray(value) ? value.map(String) : [];
  }

  option(name: string): string | null {
    const value = this.options[name];
    return typeof value === "string" ? value : null;
  }

  /** `--x` true, `--no-x` false; null where neither was given and there is no default. */
  flag(name: string): boolean | null {
    const value = this.options[name];
    return typeof value === "boolean" ? value : null;
  }

  /** An option that may be given several times, or takes several values. */
  list(name: string): readonly string[] {
    const value = this.options[name];
    return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
  }

  /** A whole number within bounds, or null. Throws UsageError. */
  number(name: string, from: number, to: number): number | null {
    const text = this.option(name);
    if (text === null) return null;
    const value = Number(text);
    if (!/^[0-9]{1,9}$/.test(text) || value < from || value > to) throw new UsageError(`--${dashed(name)}: “${text}” is no whole number from ${from} to ${to}`);
    return value;
  }

  /** What may be an argument or an option of that name (`vpc create prod`, `vpc create --name prod`); null where neither is given. */
  either(position: number, name: string): string | null {
    const [arg, option] = [this.arg(position), this.option(name)];
    if (arg !== null && option !== null && arg !== option) throw new UsageError(`“${arg}” and --${dashed(name)} ${option}: give one of them`);
    return arg ?? option;
  }

  /**
   * As if several arguments had been given as these options, in their order (`add-subnet prod web 10.0.1.0/24`); one alone stays what it
   * is. Throws UsageError.
   */
  asOptions(names: readonly string[]): Given {
    const words = this.args.filter((word) => typeof word === "string");
    if (words.length < 2) return this;
    const [tooMuch] = words.slice(names.length);
    if (tooMuch !== undefined) throw new UsageError(`“${tooMuch}” is too much: ${names.map((name) => `<${dashed(name)}>`).join(" ")}`);
    for (const [i, name] of names.entries()) this.either(i, name);
    return new Given([], { ...this.options, ...Object.fromEntries(words.map((word, i) => [names[i], word])) });
  }

  need(position: number, name: string): string {
    const value = this.either(position, name);
    if (value === null) throw new UsageError(`missing: <${dashed(name)}> or --${dashed(name)} <${dashed(name)}>`);
    return value;
  }

  needOption(name: string): string {
    const value = this.option(name);
    if (value === null) throw new UsageError(`missing: --${dashed(name)}`);
    return value;
  }
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
