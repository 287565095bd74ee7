"use client";

import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";
import { caretAfter, newLineAt } from "./caret-after";

interface TextAreaProps {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly edited: boolean;
  readonly readOnly: boolean;
  /** Lines with something wrong, from 1. */
  readonly wrongLines: ReadonlySet<number>;
  readonly onType: (text: string) => void;
  readonly onApply: () => void;
  readonly onLeave: () => void;
}

/**
 * A plain text area with line numbers; the scrolling is that of the box around both. Tab leaves it as it leaves every field,
 * Esc too, Ctrl+Enter applies.
 */
export function TextArea({ area, text, edited, readOnly, wrongLines, onType, onApply, onLeave }: TextAreaProps) {
  useKeptCaret(area, text, edited);
  const lines = text.split("\n");
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") onLeave();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onApply();
    else if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || readOnly) return;
    else insert(newLineAt(text, event.currentTarget.selectionStart));
    event.preventDefault();
  };
  return (
    <div className="numeric flex min-h-0 flex-1 overflow-auto text-xs leading-5">
      <div aria-hidden className="sticky left-0 z-10 h-max min-h-full shrink-0 border-r border-line bg-raised py-2 text-right text-muted select-none">
        {lines.map((_, i) => (
          <div key={i} data-line={i + 1} data-wrong={wrongLines.has(i + 1)} className={`px-2 ${wrongLines.has(i + 1) ? "bg-bad-soft font-medium text-bad" : ""}`}>{i + 1}</div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label="Topology as YAML"
        aria-invalid={wrongLines.size > 0}
        aria-describedby="text-problems"
        value={text}
        readOnly={readOnly}
        rows={lines.length}
        cols={Math.max(...lines.map(({ length }) => length)) + 2}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        className="block h-max min-h-full min-w-full flex-1 resize-none overflow-hidden bg-surface px-3 py-2 whitespace-pre outline-none"
      />
    </div>
  );
}

/** As if it were typed, so that the browser's own undo knows of it. */
const insert = (text: string): boolean => document.execCommand("insertText", false, text);

/** A text that follows the drawing keeps the caret at its letters. */
function useKeptCaret(area: RefObject<HTMLTextAreaElement | null>, text: string, edited: boolean): void {
  const before = useRef({ text, start: 0, end: 0 });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const old = before.current;
    if (!edited && old.text !== text) element.setSelectionRange(caretAfter(old.text, text, old.start), caretAfter(old.text, text, old.end));
    before.current = { text, start: element.selectionStart, end: element.selectionEnd };
    const remember = () => {
      before.current = { text: before.current.text, start: element.selectionStart, end: element.selectionEnd };
    };
    element.addEventListener("selectionchange", remember);
    return () => element.removeEventListener("selectionchange", remember);
  }, [area, text, edited]);
}
