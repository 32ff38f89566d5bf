"""The words that bait is made of, and the words that say nothing about whose a domain is."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Nobody ordinary says these of a place: they promise tokens, or ask to prove a right to them.
LURES: Final = _words("""
    airdrop airdrops airdropped airdropclaim claim claims claiming claimable claimer eligible eligibility allocation
    allocations giveaway giveaways presale whitelist allowlist snapshot tge distribution redeem redemption retrodrop
    retroactive freemint freetoken freetokens freecrypto doubler unclaimed refund refunds compensation walletconnect
    walletsync syncwallet connectwallet validatewallet walletvalidate walletverify verifywallet dapprestore
    restorewallet seedphrase rectify rectification revoke migrate migration staking token tokens drop drops
""")

# The same promise in other languages, written as domains write it.
FOREIGN_LURES: Final = _words("""
    reclamar reclama reclamo resgatar resgate reclamer recuperer recompense recompenses recompensa recompensas
    beanspruchen einfordern einloesen belohnung belohnungen kostenlos richiedi riscatta riscuoti ricompensa
    ricompense gratuit gratuito gratuita nagrada nagrady razdacha poluchit darom talep odul odulu kazan ucretsiz
    klaim hadiah nhanthuong phanthuong kongtou lingqu jiangli eodeurap odbierz nagroda zdarma odmena uitdelen
    claimen kostenfrei
    空投 领取 領取 奖励 獎勵 免费 エアドロップ 請求 에어드랍 에어드롭 раздача получить аирдроп эирдроп награда клейм
""")

# Long enough to be seen inside a word.
LOUD_LURES: Final = _words("airdrop giveaway presale whitelist seedphrase retrodrop freemint connectwallet") | {
    word for word in FOREIGN_LURES if not word.isascii()
}

# They bait beside a project's name, and mean no harm without one.
QUIET_LURES: Final = _words("""
    token tokens drop drops distribution migrate migration refund refunds allocation allocations compensation
    eligible eligibility snapshot redeem redemption staking revoke walletconnect rectify kostenlos gratuit gratuito
    gratuita darom gratis retroactive reclama reclamar reclamer resgate recuperer recompense recompenses recompensa
    recompensas kazan
""")

# What is done to a wallet or an account by whoever wants its secrets.
SECRETS_ASKED: Final = _words("""
    wallet wallets account accounts login verify verification validate validation confirm connect sync restore recover
    recovery rectify unlock secure seed phrase
""")

# Honest places have these words too; with a project's name and nothing else they are reason for care.
HINTS: Final = _words("""
    access account accounts activate activation admin alert app apps assets auth authenticate authorize balance
    bonus bonuses bridge buy check checker confirm connect contract convert crypto dapp dashboard defi deposit desk
    earn event events exchange farm fork free fund funds gas get gift gifts go governance help helpdesk incentive
    incentives income join launch launchpad ledger live login logon mint minting new nft nfts now offer official
    onchain online participate pay payout points pool portal premint prize profit program promo promotion protect
    quest quests recover recovery register registration restore reward rewards safe sale season season1 season2
    secure security service services sign signin signup stake stakes start submit support swap swaps sync task tasks
    team trade trading unlock unstake update upgrade user users v2 v3 validate validation vault verification verify
    verified vest vesting vip vote wallet wallets web web3 win winner winners withdraw withdrawal yield zone
""")

# Parts of an address where they do not belong, as in wwwname and nameorg.
GLUED: Final = _words("www com org net io xyz http https")

# Endings that bait by themselves.
LURING_ENDINGS: Final = _words("claims sale gift gifts bid win promo support repair")

# They only say what kind of place it is.
PLAIN_WORDS: Final = _words("""
    academy api asia blog bot builders business cash chain chat city club co coin com community core dao data dev
    developer developers digital docs eco ecosystem en eth ethereum eu explorer fi finance foundation forum gg
    global group hq hub inc info io is it lab labs layer link links ltd mail main mainnet me media my network net
    news node nodes one org page pages platform price pro project protocol rpc scan scanner site sol solana space
    sta status stats store studio tech team test testnet the to token tools top tv uk us validator wiki world www
    xyz your
""")

# Names and tickers of projects that are everyday words, or would be found in them: alone they point at nobody.
EVERYDAY: Final = _words("""
    ace across agent akash alpha alt amp anchor ankr ape apex api arc arch arena ark arrow astar atom atlas audio
    aura aurora avail axis axelar babylon baby band base bat beam bear bee berry bio bit blast block blocks blue
    blur bolt bond bone book boost boson bounce box bridge bright bull bundle burn cap carbon cards castle cat celer
    celo chain chili civic cloud clover coin comet compound cook core cosmos cow cream creo crest crown crypto cube
    curve cyber dash data dawn degen delta diamond dog dragon drift drip earth echo eden edge eigen ekubo element
    elixir ember energy ens ether era eth ethereal everything evolve exit eye faith fantom fire flare flash flex
    flow flower flux fold folks force forge form fort fox frame friend fuel fuse future galaxy game gas gate gem
    genesis giant glimmer gm gnosis gold grape graph grass grid grow guild gum harbor harmony hash hat have heaven
    hedge helium hero hi hive holo home honey hop hope hub hype ice icon idea id imagine impact ink init initia
    injective int ion ip iron island joe jump jupiter jup karma kernel key king kite lava layer league lens level
    life light linea line lion liquid lisk live lock logic looks loop luna lunar magic manta mantle map mars mask
    matrix matter me meet merit met meta meteor meteora metis mind mint mirror mode moon moonbeam moonwell morpho
    mountain move movement nation near nebula neo neon nest neutron next nibiru night node nomad north not note nova
    oasis ocean octopus omega omni one op open optimism orbit orca orchid order origin osmosis pace parallel
    particle path peak pearl people perp phoenix pi pixel planet play plume pocket point polygon pool portal post
    power prime prism proof pulse pure push quant quest quick quilt radiant rain rally ramp rare reach real red reef
    relay render request ren ring rise river robin rocket root rose rune saga safe sand santa scroll sea secret seed
    sei sentinel shadow shape shell shift ship side signal silo silver sky smooth snow soil solar solid soma sonic
    soon soul space spark spectral spell spin spirit splinter spot stable stack stage star stargate stark status
    step stone storm story stream stride strike string sui sun super surge swell switch synapse sync taiko tea telos
    temple tensor terra theta thunder tide time titan toncoin torch tower trace trade tree tribe tron true trust
    turbo twin uma union unit unity universe uni vana vault vector vega velo velvet venus vertex vest vine vision
    vital vortex voyager wall wave waves west wheel wild wind wing wire wolf wonder wood word work world worm
    wormhole worldcoin yield zen zero zeta zircuit zone getreal monad pyth s w
    kaito notco velora eigenfoundation hyperfoundation storyrpc storyscan
""")

# One letter beside the name of a project, and honest words or well-known names all the same.
NEIGHBOURS: Final = _words("""
    dimension dimensions dimensional starnet sparknet sharknet stacknet smartnet startnet starkey starkly playerzero
    celestial celestials celestis celesta meteor meteors hotcoin netcoin netcoins botcoin notecoin octocoin potcoin
    dotcoin lotcoin arbitrium initial initials linear lineal optimist optimise optimize optimus babylone jupyter apcoin
    tapecoin epicoin unisnap worm monads nomads tensors tensorflow stories tokenmetric sonicare plumes mantra safer
""")

# Places where anybody opens a site of their own under a path or name that they choose.
SITE_HOSTS: Final = _words("""
    sites.google.com docs.google.com forms.gle notion.so telegra.ph linktr.ee bio.link taplink.cc beacons.ai
    gitbook.io medium.com substack.com mirror.xyz hackmd.io wordpress.com weebly.com wixsite.com webnode.page
    tumblr.com eth.limo eth.link ipfs.io dweb.link cloudflare-ipfs.com gateway.pinata.cloud arweave.net
    s3.amazonaws.com storage.googleapis.com firebasestorage.googleapis.com raw.githack.com jsfiddle.net codepen.io
    codesandbox.io typeform.com jotform.com surveymonkey.com canva.site strikingly.com jimdosite.com square.site
""")

# Places where anybody opens an account under a name that they choose.
ACCOUNT_HOSTS: Final = _words("""
    t.me telegram.me telegram.dog x.com twitter.com mobile.twitter.com discord.gg discord.com discordapp.com
    youtube.com youtu.be facebook.com instagram.com tiktok.com reddit.com linkedin.com github.com gitlab.com
    galxe.com app.galxe.com zealy.io warpcast.com farcaster.xyz opensea.io guild.xyz layer3.xyz snapshot.org
    snapshot.box
""")

# They hide where they lead.
SHORTENERS: Final = _words("""
    bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at t.ly tiny.cc s.id
    lnkd.in bl.ink short.io shorturl.gg tny.im soo.gd clck.ru u.to qr.ae adf.ly bit.do mcaf.ee x.gd surl.li urlz.fr
    tr.ee kutt.it dub.sh dub.co lnk.to linkd.in zpr.io 1url.com shrtco.de trib.al ift.tt dlvr.it
""")

# Mirrors, searches and registers name other domains in their addresses, and mean no harm by it.
RECORDS: Final = _words("""
    archive.org web.archive.org archive.ph archive.today google.com bing.com duckduckgo.com whois.com who.is
    urlscan.io virustotal.com similarweb.com builtwith.com crunchbase.com defillama.com translate.google.com
    facebook.com x.com twitter.com linkedin.com reddit.com t.me github.com gitlab.com coingecko.com
    coinmarketcap.com wikipedia.org producthunt.com news.ycombinator.com ssllabs.com securitytrails.com crt.sh
    icann.org
""")

# Honest domains that bear a project's name, though no source in the catalogue calls them its own.
KNOWN_DOMAINS: Final = _words("""
    layerzeroscan.com starknet.id starknet.quest starknetjs.com starknet-react.com
    uniswapfoundation.org uniswap.io uniswap.info uniswap.exchange dydx.community magiceden.us jito.com jito.org
""")
