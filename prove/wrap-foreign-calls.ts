import koffi from "koffi";

export type Call = (...args: unknown[]) => unknown;
type Load = typeof koffi.load;

/**
 * Stands between the engine and the C functions that it declares from now on. `wrap`: for a function's name and the function, what is called in
 * its place; the same where nothing is to stand between.
 */
export function wrapForeignCalls(wrap: (name: string, call: Call) => Call): void {
  const load: Load = koffi.load.bind(koffi);
  (koffi as { load: Load }).load = (...args) => {
    const library = load(...args);
    const declare = library.func.bind(library) as (definition: string) => Call;
    const func = (definition: string): Call => wrap(/(\w+)\s*\(/.exec(definition)?.[1] ?? "", declare(definition));
    return new Proxy(library, { get: (target, name) => (name === "func" ? func : Reflect.get(target, name, target)) });
  };
}
