import { expect, it } from "vitest";
import { moveFocus } from "./move-focus";

const from = { row: 1, column: 1 };
it.each([
  ["ArrowUp", false, { row: 0, column: 1 }], ["ArrowDown", false, { row: 2, column: 1 }], ["ArrowLeft", false, { row: 1, column: 0 }],
  ["ArrowRight", false, { row: 1, column: 2 }], ["Home", false, { row: 1, column: 0 }], ["End", true, { row: 19, column: 9 }],
  ["PageDown", false, { row: 9, column: 1 }], ["PageUp", false, { row: 0, column: 1 }], ["ArrowDown", true, { row: 19, column: 1 }],
] as const)("%s leads to its place (ctrl %s)", (key, ctrl, place) => expect(moveFocus(from, key, ctrl, 20, 10)).toEqual(place));

it("never leaves the grid, and other keys are none of its", () => {
  expect(moveFocus({ row: 19, column: 9 }, "ArrowRight", false, 20, 10)).toEqual({ row: 19, column: 9 });
  expect(moveFocus({ row: 0, column: 0 }, "ArrowUp", false, 20, 10)).toEqual({ row: 0, column: 0 });
  expect(moveFocus(from, "a", false, 20, 10)).toBeNull();
});
