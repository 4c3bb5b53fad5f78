import { scenesEn } from './scenes.en.ts';
import { scenesTr } from './scenes.tr.ts';

/**
 * What a practice card or order does, in the window's language. `about` is the card's number or the order's id: several
 * share a scene. What the tables do not know is told in the English that came with it.
 */
export function sceneWords(language: "en" | "tr", scene: string, about: string, text: string): string {
  const table = language === "tr" ? scenesTr : scenesEn;
  const mark = /^\d+$/.test(about) ? about.slice(-4) : about;
  const known = table[`${scene}:${mark}`] ?? table[scene];
  if (known !== undefined) return known;
  // A decline comes in several forms, told by the HTTP status at the scene's end.
  const form = /^(.+)_(\d{3})$/.exec(scene);
  const declined = form === null ? undefined : table[form[1] ?? ''];
  return declined === undefined ? text : `${declined} (HTTP ${form?.[2] ?? ''})`;
}

/** What a practice card is for. */
export type CardGroup = "approved" | "declined" | "bank" | "lost" | "odd";

/** In the order in which they are shown: the most useful first. */
export const CARD_GROUPS: CardGroup[] = ["approved", "declined", "bank", "lost", "odd"];

/** Cards that share the scene of an approval and have no plan to be charged by. */
const NO_PLANS = ["5454", "7891"];
const DECLINED = ["challenge_do_not_honour", "challenge_insufficient_funds", "challenge_failed", "authenticated_not_charged"];
const LOST = ["late_trace", "challenge_late_trace", "challenge_never_returns_declined", "return_never", "empty_after", "pending", "not_json_after"];
const BANK = ["forced_3d", "success_page_not_charged", "failure_page_charged", "base64_html", "pending_challenge", "success_with_challenge", "no_address"];

/** Where a practice card stands in the list. The plain form of a decline stands with the declines, its other forms with what is odd. */
export function cardGroup(scene: string, number: string): CardGroup {
  if (scene === "approve") return NO_PLANS.includes(number.slice(-4)) ? "declined" : "approved";
  if (scene === "without_3d" || scene === "cannot_void") return "approved";
  if (DECLINED.includes(scene) || /^decline_.*_402$/.test(scene)) return "declined";
  if (LOST.includes(scene) || /^(timeout|cut|error|code_2008)_/.test(scene)) return "lost";
  if (BANK.includes(scene) || /^(return|bank|challenge)_/.test(scene)) return "bank";
  return "odd";
}
