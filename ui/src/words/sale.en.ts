/** The Sale screen's words, in English. */

export const sale = {
  title: 'Sale',
};
