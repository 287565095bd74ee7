import type { ReactNode } from "react";
import { Logo } from "../../ui/logo";
import { ThemeToggle } from "../../ui/theme-toggle";

interface EntryCardProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children: ReactNode;
  /** Beneath the card: another way in. */
  readonly below?: ReactNode;
}

/** The page of somebody who is not signed in yet: one card, nothing else. */
export const EntryCard = ({ title, text, children, below }: EntryCardProps) => (
  <div className="flex min-h-dvh flex-col">
    <header className="flex h-12 shrink-0 items-center gap-2 px-4">
      <Logo />
      <span className="font-semibold">vpclab</span>
      <span className="ml-auto"><ThemeToggle /></span>
    </header>
    <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 pb-24">
      <section className="rounded-box border border-line bg-surface p-6 shadow-lifted">
        <h1 className="text-xl font-semibold">{title}</h1>
        {text ? <p className="mt-1.5 text-sm text-muted">{text}</p> : null}
        <div className="mt-5">{children}</div>
      </section>
      {below ? <p className="mt-4 text-center text-sm text-muted">{below}</p> : null}
    </main>
  </div>
);
