import type { OutcomeWord, RoleWord, TryOutWord } from '../ipc/backend.ts';

const outcomes: Record<OutcomeWord, string> = {
  approved: 'Approved', declined: 'Declined', refused: 'Refused', unknown: 'Not known', not_sent: 'Not sent',
};

const tried: Record<TryOutWord, { title: string; text: string; good: boolean }> = {
  can_be_asked: { title: 'Everything works', text: 'Signed in, and the gateway can be asked what became of a payment.', good: true },
  wrong_path: { title: 'Signed in, but the status address is wrong', text: 'What became of a payment can’t be asked at this address. Check it with the gateway.', good: false },
  cannot_be_asked: { title: 'Signed in, but the status may not be asked', text: 'Ask the gateway for this right. Without it, say below whether the bank’s return settles a payment.', good: false },
  sign_in_refused: { title: 'The login is refused', text: 'Check the key and the secret: capitals and spaces count.', good: false },
  no_answer: { title: 'No answer', text: 'Check the address and the network.', good: false },
};

const roles: Record<RoleWord, string> = { cashier: 'Cashier', supervisor: 'Supervisor' };

/** The words of every screen but the sale and the attempt, in English. */
export const screensEn = {
  common: {
    again: 'Try again', save: 'Save', cancel: 'Cancel', close: 'Close', back: 'Back', open: 'Open', askNow: 'Ask now', loading: 'Loading…', more: 'Show more', optional: 'optional', saved: 'Saved.',
  },
  attention: {
    intro: 'Their outcome is not known, or not certain. Do not charge them again.',
    empty: 'Nothing needs attention',
    emptyText: 'Every payment of this desk has a clear outcome.',
    since: (time: string) => `for ${time}`,
    asking: (n: number, next: string | null) => `Vezne asks the gateway: ${n === 1 ? 'once' : `${String(n)} times`} so far${next === null ? '' : `, next in ${next}`}.`,
    asksNow: 'Vezne is asking the gateway now.',
    nobody: 'Nobody can be asked: a supervisor looks in the gateway’s portal.',
    contradicted: 'The gateway contradicts this outcome: a supervisor must correct it.',
    unconfirmed: 'Nobody has confirmed this outcome yet.',
    void: 'Void', refund: 'Refund',
  },
  history: {
    search: 'Search',
    searchHint: 'Reference, card, amount…',
    all: 'All',
    outcomes,
    outcome: 'Outcome',
    empty: 'No payments yet',
    emptyText: 'Payments taken at this desk appear here, newest first.',
    none: 'Nothing found',
    noneText: 'No payment fits. Try fewer words, or another outcome.',
    clear: 'Clear the search',
    found: (n: number, more: boolean) => (more ? `The newest ${String(n)} are shown` : n === 1 ? '1 payment' : `${String(n)} payments`),
    columns: { when: 'When', what: 'Order or reference', card: 'Card', outcome: 'Outcome', amount: 'Amount', operator: 'Operator' },
    unconfirmed: 'not confirmed',
    alarmed: 'alarm',
    setAside: 'set aside',
    underWay: 'Under way',
    returned: (amount: string) => `${amount} returned`,
    failed: 'The list can’t be read right now.',
    limit: 'Credit limit',
  },
  payment: {
    title: 'Payment',
    attempts: (n: number) => (n === 1 ? '1 attempt' : `${String(n)} attempts`),
    attempt: (n: number) => `Attempt ${String(n)}`,
    reversals: 'Voids and refunds',
    openAttempt: 'Open',
    lost: 'This payment can’t be read',
    toHistory: 'Back to History',
    asked: 'The gateway is asked again.',
  },
  settings: {
    sections: 'Sections', accounts: 'Merchant accounts', operators: 'Operators', appearance: 'Language and theme', training: 'Training', about: 'About',
    language: 'Language', theme: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark',
    version: (version: string) => `Version ${version}`,
    aboutText: 'A checkout that tells the truth about money, never charges twice, and keeps nobody waiting.',
    aboutPrivacy: 'Nothing leaves this desk but calls to the gateways that are set up here.',
    zone: 'Time zone', desk: 'Desk',
    trainingText: 'Practise with two practice gateways and a practice bank inside the program. No real money moves; its payments stand in a journal of their own.',
    begin: 'Begin training', leave: 'Leave training', inTraining: 'You are in training mode.',
    noAccounts: 'No merchant account yet', add: 'Add a merchant account', edit: 'Change', remove: 'Remove',
    unavailable: 'Can’t be used now',
    removeTitle: 'Remove this account?',
    removeText: 'Its login is deleted from this computer. Its payments stay in History.',
    noOperators: 'No operators yet', noOperatorsText: 'Add a supervisor first: settling an unknown payment needs one.',
    addOperator: 'Add an operator', roles, role: 'Role', name: 'Name', pin: 'PIN', pinHint: '4 to 12 digits, not easy to guess', pinAgain: 'PIN again', pinDiffers: 'The two PINs differ.',
    roleText: { cashier: 'Takes payments.', supervisor: 'Takes payments, and answers for what can cost or return money.' },
    supervisorFirst: 'The first operator must be a supervisor: everyone after is agreed to by one.',
    agreeOperator: (name: string) => `Add ${name} as an operator of this desk.`,
    whoSits: 'At this desk now', nobody: 'Nobody chosen', trainingAccounts: 'In training, the practice accounts can’t be changed.',
  },
  account: {
    add: 'Add a merchant account', change: 'Change the merchant account',
    name: 'Name', nameHint: 'What staff see, for example the branch',
    gateway: 'Gateway', gatewayText: { finrota: 'Payments by reference and amount.', yolcu360: 'Payments of rental orders, by card or credit limit.' },
    badAddress: 'The address must be a whole https address, without a user name, a password or a question mark in it.',
    baseUrl: 'Address of the API', baseUrlHint: { finrota: 'As the gateway gave it to you, for example api.finrota.com', yolcu360: 'As the gateway gave it to you, for example api.pro.yolcu360.com/api/v1' }, login: 'Login', keepLogin: 'Keep the login that is stored', pair: 'Key and secret', token: 'Ready token', key: 'Key', secret: 'Secret',
    place: 'Where the login is kept', keychain: 'Keychain of this computer', sealed: 'Sealed file', sealedText: 'For computers without a keychain. Its passphrase is asked for at each start.', keychainText: 'The safest place. Nothing to type at the start.', passphrase: 'Passphrase',
    environment: 'Environment variables', environmentText: 'As the settings file says; the login stays as it is.',
    way: 'The way back from the bank',
    ways: { custom_scheme: 'Vezne’s own address', https: 'An https address', loopback: 'This computer’s browser' },
    wayText: {
      custom_scheme: 'The bank’s page opens in Vezne’s window and comes back to Vezne. The usual choice.',
      https: 'For gateways that accept only https: an address of yours that Vezne catches before it loads.',
      loopback: 'The bank’s page opens in the system’s browser and comes back to this computer.',
    },
    returnUrl: 'The https address',
    status: 'The gateway can be asked what became of a payment', statusText: 'Leave it on unless the connection test says otherwise.',
    settles: 'When the bank’s page says how it ended',
    settlesAsk: 'Say how it should be: nobody can be asked at this account.',
    settlesNo: 'It stays unknown', settlesNoText: 'A supervisor looks it up in the portal. The safe choice.',
    settlesYes: 'That settles it', settlesYesText: 'The bank’s page can be forged. A payment may count as approved that nobody received. You take this risk.',
    limit: 'Orders may be paid from the credit limit',
    currencies: 'Currencies', currenciesHint: 'Three letters each, the usual one first: TRY, EUR',
    confirm: 'Type amounts twice from', confirmHint: 'Empty: never. For example 50000',
    test: 'Test the connection', testing: 'Asking the gateway…', notTested: 'The test moves no money: it signs in and asks about a made-up payment.',
    changedSince: 'Changed since the last test.',
    missing: 'Please fill this in.',
    tried,
  },
  first: {
    title: 'Welcome to Vezne', text: 'A checkout that always tells the truth about money.',
    language: 'Choose your language', how: 'How do you want to start?',
    training: 'Try it in training mode', trainingText: 'One click, works at once. Practice cards, a practice bank, no real money.',
    connect: 'Connect a merchant account', connectText: 'Finrota or Yolcu360: you need the address and the login.',
    later: 'You can do the other one later, in Settings.',
  },
  broken: {
    title: 'Vezne can’t take payments right now', next: 'What to do',
    safe: 'Nothing that was written down is lost. Until this is solved, payments are neither taken nor charged.',
  },
  closing: {
    title: 'Close Vezne now?',
    open: (n: number) => (n === 1 ? '1 payment is still under way. Vezne asks about it at the next start; until then its end is not known.' : `${String(n)} payments are still under way. Vezne asks about them at the next start; until then their end is not known.`),
    notWritten: 'An outcome could not be written down yet. It is lost if Vezne is closed now.',
    stay: 'Keep Vezne open', close: 'Close all the same',
  },
  locked: {
    title: 'Vezne is locked', text: 'The logins of this desk are in a sealed file. Its passphrase opens it.', passphrase: 'Passphrase', open: 'Unlock',
  },
};

/** The shape of these words. */
export type ScreenWords = typeof screensEn;
