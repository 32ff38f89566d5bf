"""The words in which people ask about a project, the survey and a poll: data, read by fields.py.

Each has its cues, parted by commas: one word, or several that all have to be there, and how much that weighs. A weight
of 2 is enough alone; 4 and more is the thing's own name. Endings do not matter.
"""

CUES: dict[str, str] = {
    "claim_window": """
        deadline 4, expire 4, expiry 4, expiration 4, claim window 4, claim period 4, claim phase 3, window 2.5,
        still claim 4, too late 4, late 2, claim 2, claimable 3.5, claim open 2, claim close 2.5, claim end 2.5,
        claim start 2.5, close 2.5, open 1.5, end 2, until 1.5, over 2.2, redeem 2.5, collect 2.5, last day 3,
        miss 2.5, still available 3, still open 3, still active 3, still run 2.5, still time 3, finish 2.2,
        how long 2, claim date 3, long gone 2, still get 2.2, still possible 2.5, can claim 1, ongoing 2.5, begin 2,
        start 1.8, period 2, shut 2.5, drop shut 1.5, drop begin 1.5, drop start 1.5, drop end 1.5
        """,
    "tge_date": """
        tge 4.5, token generation 4.5, launch 2.6, launch date 4, list 1.5, listing 2.8, when list 1.5,
        list exchange 2, list binance 2, born 2.4, go live 3.5, went live 4, live 2.4, release 2.4, when token 2.3,
        when coin 2.3, when airdrop 2.1, start trade 3.5, trade 2.2, tradable 2.5, debut 3, hit exchange 3,
        hit market 3, exchange 1.2, mainnet 2.2, come out 3.2, came out 3.2, out 1.2, when drop 2.1, birthday 3,
        issue 1.5, mint 2, become available 2, token event 2.5, token date 2.2, when happen 2, exist 1.5,
        since when 2.2, old 2, introduce 2.5, token out 2.4, older 3.4, newer 3.4, younger 3.4
        """,
    "snapshot": """
        snapshot 4.5, snap shot 4.5, snapshots 4.5, snap 3, cut off 3, cutoff 3.5, record date 2.5,
        wallet capture 2.5, balance taken 2, period count 3.5, activity count 3, day count 3, transaction count 3,
        until count 3
        """,
    "airdrop_share": """
        airdrop share 4, allocation 3.6, allocate 3.5, share supply 3.5, percent supply 4, percentage supply 4,
        supply 2.6, tokenomic 4, tokenomics 4, how many token 3.6, how much token 3, how much 1.4, percent 2.2,
        percentage 2.4, fraction 2.4, portion 2.4, distribute 2.6, distribution 3, how big 2.8, big 1, size 2.4,
        hand out 2.6, give away 2.8, gave away 2.8, gave 1.5, given 1.6, reserved 2.2, pool 2, community 1.6,
        how many airdrop 2.5, amount 1.6, airdrop amount 2.4, minimum 2.1, biggest airdrop 2.4, largest airdrop 2.4,
        bigger 2.2, users get 2, share 1.4, total supply 3, worth airdrop 2, generous 2.8, go to airdrop 1,
        stingiest 2.8, slice 2.4, percent airdrop 2, went drop 1, percent went 2, how many get 2.4, per person 2.6,
        per citizen 2.6, max 2.1, maximum 2.1, keep later 4, percentage later 3, percent later 3
        """,
    "recipients": """
        recipient 4.2, receive 2.3, how many wallet 4.2, how many people 3.8, how many address 4.2, how many user 3.8,
        who got 2.4, how many got 2.5, wallet 1.6, address 1.4, beneficiary 3, how many receive 2, number wallet 3,
        number address 3, number recipient 3, how many claim 2.4, per wallet 3, per address 3, each wallet 3,
        average wallet 3, largest address 3
        """,
    "eligibility": """
        eligible 4.2, eligibility 4.4, ineligible 4, qualify 4.2, qualification 4, criterion 4, criteria 4.2,
        requirement 4.2, require 3, who claim 2.2, who could claim 3.4, who get 2.4, who receive 2.6, who allow 3,
        checker 3.4, check eligible 1, exclude 3, american 3, country 3, countries 3, geoblock 4, block 2,
        us citizen 3, us user 3, us person 3, usa 2.4, restriction 3.4, restrict 3.4, condition 2.2, rule 2.2,
        meet 1.5, allowlist 3, whitelist 3, who was airdrop 2, threshold 3, do to get 2, need to do 2.2,
        us people 3.5, us resident 3, from us 3, in us 2.5, american citizen 1, how many need 3, need 1.5, mark 2,
        allow 2.2
        """,
    "official_domains": """
        website 3.8, site 3.4, official 2.4, official site 2, official website 2, domain 3.8, url 3.8, homepage 4,
        link 2.4, official link 2, webpage 3.8, official page 3, official domain 1, docs 2.6, documentation 2.8,
        home page 3.4, legit link 3, real site 1
        """,
    "official_claim_page": """
        where claim 4.2, claim page 4.4, claim site 4.4, claim link 4.6, claim website 4.8, claim url 4.4,
        claim portal 4.6, official claim page 3, where redeem 4, where collect 4, where go claim 1
        """,
    "historic_claim_pages": """
        former claim page 6, old claim page 6, previous claim page 6, past claim page 6, historic claim page 6,
        former claim 4, where claim used 3, where were claim 2, where was claim 2, where did claim 2, old claim site 6
        """,
    "token_symbol": """
        symbol 4.2, ticker 4.4, token call 3.2, coin call 3.2, name token 2.6, name coin 2.6, token name 3,
        coin name 3, abbreviation 3.5, what token 1.9, which token 2.2, own token 1.5
        """,
    "funding": """
        fund 3.2, funding 3.6, raise 3.6, invest 3.4, investor 4.4, investment 4, backer 4.4, back 2.2, who back 3,
        vc 4.2, vcs 4.2, venture 2.8, venture capital 3, valuation 4.4, value at 2, round 1.6, funding round 2,
        seed round 3.5, series 3, money 1.8, how much money 2.4, capital 2, lead round 3, finance 3.2, sponsor 2.6,
        shareholder 3, bankroll 3, put money 3, behind 1.5, support 1.4, pre seed 3, preseed 3, raised money 1,
        fundraise 4, fundraising 4, who buy 3, bought 2.2, who bought 2, valued at 2.6, worth round 3.5, worth last 2
        """,
    "later": """
        what happen 3.6, happen 2.6, since 2.2, happen since 2, later 3, update 2.8, news 2.8, what next 3, next 2.2,
        latest 2, roadmap 3.4, now 1.2, today 1.2, nowadays 2, up to now 2.4, after airdrop 2.6, after claim 2,
        after launch 2, what came later 2, became of 3, become of 3, how doing now 3, what up 1.6, these day 2,
        recent 2.4, development 2.4, history 2.6, unlock 3, vest 3, vesting 3.4, announce 2.2, announcement 2.6,
        what new 3
        """,
    "airdrop": """
        airdrop status 4, status 3, state 2.6, upcoming 3.2, confirm 2.4, airdrop confirm 2, have airdrop 2.6,
        do airdrop 2, will airdrop 2, is there airdrop 3, was there airdrop 3, airdrop happen 2.2, airdrop 1.9,
        future airdrop 3, more airdrop 2.2, plan airdrop 3, another airdrop 3, airdrop exist 2, still airdrop 2.2,
        airdrop left 2.4, phase 2.2, taken place 3
        """,
    "category": """
        category 4.4, type 2.6, kind 2.4, sector 4, what kind project 2, classify 3.6, class 2.4, layer1 2, layer2 2,
        depin 2, layer 1 2, layer 2 2, modular 2, defi 2, nft 2, oracle 2, rwa 2, infrastructure 2,
        interoperability 2, genre 3, niche 3
        """,
    "chain": """
        chain 2.8, blockchain 2.8, what chain 2, which chain 2, network 1.8, which network 2, chain id 3, built on 3,
        build on 3, evm 2.4, run on 2.6, deployed 2.6, virtual machine 2.6, technology 2
        """,
    "contract": "contract 3.6, contract address 2, token address 4.2, ca 2.6, smart contract 1",
    "claim_condition": """
        donation 4.4, donate 4.4, pay 2.8, pay to claim 2, fee 2.6, claim cost 4, cost to claim 1, proof donation 2,
        free claim 3.4, claim free 1, charge 2.6, condition claim 4, claim condition 2, usdc 2.4
        """,
    "unclaimed": """
        unclaimed 6.5, leftover 4.4, left over 3.6, not claim 2.6, remaining 2.6, rest token 3, never claim 3.6,
        unclaimed token 1, forfeit 3.6, forfeited 3.6
        """,
    "sybil": """
        bounty hunt 4, self report 4.4, bot filter 3, farmer 3, multi account 3, cluster 3, cheater 3, sybil 6.5
        """,
    "season_2": """
        season 2 4.8, season two 4.8, second season 4.8, s2 3.6, dymond 4, dymonds 4, point programme 2.6,
        second airdrop 3, another season 3, next season 3, point 1.5, season 2.2
        """,
    "incident": """
        incident 4.4, hack 3, hacked 3, exploit 3.4, squat 4.4, wrong 2.4, problem 2.4, went wrong 1, drainer 3,
        attack 2.4, breach 3, impostor 2, issue 1.8
        """,
    "scandal": """
        scandal 4.6, controversy 4.6, controversial 4.6, drama 4, market maker 4.6, dump 3, dismiss 3.4, fire 3,
        fired 3.4, cofounder 3.4, founder 1.2, co founder 1, web3port 5, rentech 5, manche 5, scanlon 5, delist 3.6,
        suspend 3.4, coinbase 2.6, fraud 3, ceo 1.2
        """,
    "airdrop_allegation": """
        allegation 4.6, allege 4.6, accuse 4.2, accusation 4.4, insider 4.2, insider wallet 1, lawsuit 2.6, adviser 3
        """,
    "conflict_of_interest": """
        conflict 4.2, conflict interest 1, bias 4.4, biased 4.4, rigged 4, rig 4, manipulate 3.4, neutral 3.4,
        independent 2.8, fair 2.6, objective 2.8, impartial 3.4, own airdrop 3, vote itself 3, trustworthy 2.4,
        credible 2.4, trust 2.2
        """,
    "price": """
        price 4.4, worth 3, market cap 4.6, mcap 4.6, marketcap 4.6, market value 4.4, fdv 4, how much is 2.2,
        cost 2.2, trade at 3, trading at 2, usd 1.4, dollar 1.6, ath 3, all time high 4, chart 2.4, volume 3,
        market capitalisation 3, market capitalization 3, capitalization 3, capitalisation 3, quote 2
        """,
    "price_note": """
        price history 5, past price 5, average price 5, old price 5, price note 5, historical price 5,
        historic price 5
        """,
    "supply_note": """
        max supply 3, maximum supply 3, inflation 4.6, inflationary 4.4, capped 3.6, hard cap 3.6, total supply 2.4,
        circulating 3, emission 3.6, supply cap 3, supply note 2, supply 2.5, how many exist 2.8, uncapped 3.6
        """,
    "governance": "governance 4.4, govern 4, dao 3.6, quorum 4.6, voting power 4.4, proposal 3.4",
    "staking": """
        stake 3.6, staking 3.8, vetmai 5, lock 2.6, locking 2.6, multiplier 4, staking score 3, staker 3.4, yield 2.4,
        apr 2.6, apy 2.6
        """,
    "impostors": """
        impostor 4.6, imposter 4.6, fake 3.2, lookalike 4.4, look alike 3.4, impersonate 4.4, impersonator 4.4,
        scam 2.6, scammer 2.6, pump fun 3, clanker 4, copycat 4
        """,
    "tax": "tax 4.4, taxed 4.4, taxable 4.4, taxation 4.4, income tax 1, german 2.2, germany 2.2, hamburg 3",
    "github_org": "github 4.6, repo 4.2, repository 4.2, source code 4, git 3.4, open source 3, code 2.2",
    "coingecko_id": "coingecko 4.6, gecko 4.2, coingecko id 2, cg id 4",
    "tech_score": """
        tech score 4.6, technology score 4.6, score 3, techscore 4.6, tech rating 4, tech grade 4, technology grade 4,
        grade 2.4, rating 2.4, rate 1.6, tech 2, technical 2, technical score 3, points out 2
        """,
    "narrative": "narrative 4.6, storyline 3, theme 3",
    "competitors": "competitor 4.6, competition 4.2, compete 4.2, rival 4.4, competing 4.2, contender 3",
    "survey_share": """
        share vote 4, vote 2.2, how many vote 2.4, percent vote 3, survey 2.2, award 2.2, moon award 2, which place 2,
        what place 2, rank 3, ranking 3, ranked 3, position 3, come in 2, finish place 2, standing 2.6, vote share 3,
        share survey 3, survey share 3, result 1.6, poll 2, voter 2, win 1.4, won 1.4, survey place 2, popular 2,
        percent 1.2, share get 2.6, percent get 2.6, share got 2.6, percent got 2.6, how many percent 2, place 1.6,
        top 2, more vote 3, most vote 3, fewer vote 3
        """,
    "overview": """
        about 2, tell about 1, tell 1, what is 2, what 1.1, who is 2, information 3, overview 4, summary 4,
        summarise 4, summarize 4, explain 2.4, describe 3, description 3.4, details 2.4, know 1.2, all about 1,
        introduction 3, intro 3, eli5 3, anything 1, do 0.4, everything 2, profile 2.4, facts 2.4, learn 1.4,
        show 1.6, tldr 3
        """,
}

SURVEY_CUES: dict[str, str] = {
    "sample_size": """
        how many people 4, how many voter 4, how many vote 3.5, how many participant 4, how many user 4,
        how many member 4, how many respondent 4, how many took 4, sample 4, participant 3, respondent 3, turnout 4,
        how big 2
        """,
    "unnamed": """
        other 3, rest 3, unnamed 4, missing 4, remaining 4, remainder 4, add up 4, sum 3, 100 2, 97.8 4, 97.8% 4,
        2.2 4, 2.2% 4
        """,
    "corrections": """
        misprint 4, typo 4, correction 4, error 4, mistake 4, misspelled 4, misspelt 4, linear 4, tyco 4, taka 4,
        wrong 3, corrected 4
        """,
    "conflict_of_interest": """
        bias 4, biased 4, conflict 4, fair 4, rigged 4, rig 4, neutral 4, independent 4, trust 4, trustworthy 4,
        reliable 4, credible 4, legit 3, manipulate 4, objective 4, honest 4, believe 3, vote itself 4, own award 4,
        own survey 3
        """,
    "tech_score": "tech score 4, score 3, grade 3",
    "winners_of_other_categories": "category won 9, category winner 9",
    "other_categories": "category 5",
    "question": "wording 5, was ask 4, question 3, did ask 3",
    "organiser": """
        organised 5, organise 5, organiser 5, who ran 5, who run 5, who made 5, who make 5, who held 5, who hold 5,
        who host 5, conduct 4, who behind 5, who publish 5, who did 4, who create 5, whose 4, who does 3, who own 4,
        organizes 5
        """,
    "when": "when 4, date 3, year 3",
    "method": """
        method 5, methodology 5, how taken 5, how work 4, how conduct 5, how done 4, how held 5, how collect 5,
        how vote 3, how count 4, how run 4, how voting 4, how decided 4, how measured 4
        """,
    "winner": "won 3, win 3, winner 3, victory 3, first 2, who top 3, best 2",
    "all": "result 2.5, ranking 2.5, standing 2.5, list 2.2, show 2.2, who in 2, project in 2.2, share 2.2",
}

POLL_CUES: dict[str, str] = {
    "leader": """
        lead 4, leading 4, leader 4, ahead 4, winning 4, standing 3, frontrunner 4, front runner 4, vote going 5,
        voting going 5, poll going 5, poll result 4, result 2, poll score 4, poll won 4, poll win 4, poll winner 4,
        poll who 2, vote result 3.5
        """,
    "votes": """
        how many vote 4, how many ballot 4, how many voter 4, how many people vote 4, turnout 4.5,
        how many people poll 5, how many member vote 4
        """,
    "closes": """
        vote close 4, voting close 4, vote end 4, voting end 4, poll close 4, poll end 4, vote deadline 5,
        voting deadline 5, poll deadline 5, how long vote 6, vote until 4, voting until 4, poll until 4, vote over 4,
        voting over 4, poll over 4, still vote 3.4, vote open 3.4, voting open 3.4, poll still 3.4, vote left 4,
        poll left 4, when poll 3, when vote 3, when voting 3, vote finish 4, voting finish 4, poll finish 4,
        how long poll 6, poll open 2, too late vote 5
        """,
    "how": """
        how vote 3.6, how do vote 2, how voting 3, how cast 4.4, where vote 4.2, where cast 4.4, how participate 4,
        how can vote 1, how take part 3, where poll 3
        """,
    "candidates": """
        option poll 5, option vote 5, candidate 4.4, which vote for 5.5, who vote for 5.5, what vote for 5.5,
        choice poll 4, choice vote 4, what in poll 3, project vote 3
        """,
    "open": """
        which poll 2.4, any poll 4.5, list poll 4.5, there poll 4.5, what poll 2.6, all poll 4, poll open 2.5,
        open poll 1, poll run 3, poll now 2.5, active poll 4, current poll 3
        """,
}
