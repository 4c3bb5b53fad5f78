import { scenesEn } from './scenes.en.ts';
import { scenesTr } from './scenes.tr.ts';

/**
 * What a practice card or order does, in the window's language. `about` is the card's number or the order's id: several
 * share a scene. What the tables do not know is told in the English that came with it.
 */
export function sceneWords(language: "en" | "tr", scene: string, about: string, text: string): string {
  const table = language === "tr" ? scenesTr : scenesEn;
  const mark = /^\d+$/.test(about) ? about.slice(-4) : about;
  return table[`${scene}:${mark}`] ?? table[scene] ?? table[scene.replace(/_\d{3}$/, "")] ?? text;
}
