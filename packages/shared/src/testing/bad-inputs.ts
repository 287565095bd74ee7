import { BAD_ADDRESSES } from "./bad-addresses";
import { BAD_GRAPHS } from "./bad-graphs";
import type { BadInput } from "./bad-input";
import { BAD_NAMES } from "./bad-names";
import { BAD_RULES } from "./bad-rules";

/** All of them; each starts from `LAB` (bad-input.ts). */
export const BAD_INPUTS: readonly BadInput[] = [...BAD_NAMES, ...BAD_ADDRESSES, ...BAD_GRAPHS, ...BAD_RULES];
