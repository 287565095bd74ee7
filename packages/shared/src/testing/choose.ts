import type { RandomBytes } from "../topology/ids";

/** Repeatable choices out of random bytes: the same bytes, the same choices. */
export interface Choose {
  /** 0 to below − 1. */
  int(below: number): number;
  /** True with this probability, in steps of 1/256. */
  chance(probability: number): boolean;
  /** One of them; throws when there is none. */
  of<T>(items: readonly T[]): T;
  /** One of them, or undefined when there is none. */
  maybe<T>(items: readonly T[]): T | undefined;
  /** Each with this probability, in their order. */
  some<T>(items: readonly T[], probability: number): T[];
}

export function chooserOf(random: RandomBytes): Choose {
  const int = (below: number): number => {
    const [a = 0, b = 0, c = 0] = random(new Uint8Array(3));
    return ((a << 16) | (b << 8) | c) % below;
  };
  const chance = (probability: number): boolean => int(256) < probability * 256;
  const maybe = <T>(items: readonly T[]): T | undefined => (items.length === 0 ? undefined : items[int(items.length)]);
  return {
    int, chance, maybe,
    of: (items) => {
      const item = maybe(items);
      if (item === undefined) throw new Error("nothing to choose from");
      return item;
    },
    some: (items, probability) => items.filter(() => chance(probability)),
  };
}
