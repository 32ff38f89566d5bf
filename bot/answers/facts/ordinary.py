"""Words that are words first: what a sentence is made of, and names that are ordinary words as well."""

from bot.answers.facts.languages import STOP_ELSEWHERE
from bot.answers.facts.tokens import stem, wordset

# Words that carry no subject. What is left of a question without them, the names and the fields was not understood.
STOP = (
    wordset(
        """
    a about actually after again ago all also am an and any anybody anyone are as ask at be because been being but
    by bro buddy can could curious currently did do does doing done dont dude each either else ever every exactly
    fam far find for from get give given gm got guess guy guys had happen has have having he hello help here hey hi
    him his how i if im in into is isnt it its ive just kind kindly know let lets like little ll lol looking man
    many may maybe me mean might mine more much my name need never new nice no nope not now of off ok okay on one
    only or other our out over people person please quick quickly quite re really regarding remember right said say
    see set should show sir so some somebody someone something still such sure tell than thank thanks that the their
    them then there these they thing think this those thx to today too tried try two understand up us use used very
    wanna want was we well were what when where whether which while who whom whose why will wish with wonder
    wondering would yeah yep yes yet you your youre crypto currency project projects airdrop airdrops airdropped
    token tokens coin coins drop drops data fact facts detail details specific approximately roughly around total
    overall whole part information answer question date day time month year mate mod mods admin team friend heard
    hear read saw learn remind days versus compared compare between unknown known anything going real soon before
    take takes taken work works happens usually normally important different worth announced
    """
    )
    | STOP_ELSEWHERE
)

# Words of everyday language that are one slip of the finger from some project's name, and never a misspelling of it.
NO_MISSPELLING = wordset(
    """
    babe beta bear bern blue books brass celeste celestial cooks crest donation gross glass grasp grabs grams grassy
    hooks hope hyde hyper initial initially ionic line linear lined liner lines linen locks look loops love mantra
    mania manga malta mana meteor moment monument mode more moved moves movie myth nation nomad optimist optimistic
    path pavement pea peak pear peas plum plump rest sage sake sale same save safer safely sensor stony store storey
    storm stormy stories stroll tenor thai tonic tory type unit wormholes scrolling movements layer layers magic
    ether ethereum genesis start started starts stake staked staker staking state stats status claim claims claimed
    level server services history mystery python metric metrics chain chains protocol network networks wallet
    wallets total trade trader traders trading uniform unique arbitrage arbitrary arbitrate optimise optimize option
    options action rollup rollups solana industries pacific service polygon bitcoin cosmos avalanche
    """
)

# Names and tickers that are words first. A `NOUN` means the project unless the words beside it say otherwise; a `WORD`
# means it only when it is written or placed as a name.
NOUN = wordset("scroll story grass sonic jupiter plume babylon movement optimism tensor hype wormhole blur hop ape")
WORD = wordset(
    """
    move me met not looks s w op ip safe baby alt mon init zk getreal safewallet
    """
)
# Never a name because of their place alone: "claim for me", "is it safe".
ONLY_IF_WRITTEN = wordset("me met not looks s safe getreal safewallet alt")
# Of those the ones that are hardly ever a name even in front of “airdrop”.
HARDLY_A_NAME = wordset("me not met looks")
# What zero knowledge is spoken of with.
AFTER_ZK = wordset("rollup rollups proof proofs evm tech technology snark snarks")
# Capitals that only raise the voice.
SHOUTED = wordset("not me safe met")

# What stands beside a noun that is no name there: “scroll down”, “the story behind”, “touch grass”; `SELDOM` when
# nothing of weight follows: “the movement”.
NEVER_BEFORE_A_NAME = wordset(
    "a an my your his their our long whole touch bear success cover sad fun funny political labour market same every no"
)
SELDOM_BEFORE_A_NAME = wordset("the this that these those true any some price another which")
NOT_A_NAME_BEFORE = wordset(
    """
    down up through to back of behind train speed boom about hedgehog bags funds money between into across in
    """
)

# What a project has: a word in front of one of these is a name rather than a verb.
POSSESSIONS = frozenset(
    stem(word)
    for word in wordset(
        """
        airdrop token coin tge snapshot claim drop list launch fund valuation tokenomics investor backer price
        protocol network chain mainnet foundation lab holder allocation eligibility supply ecosystem website
        site deadline score tech share narrative competitor ticker symbol contract distribution vesting mcap
        marketcap cap unlock raise vc round release campaign reward vest trading recipient holders wallets
        """
    )
)
