"""Words of questions in other languages, as the English ones that they stand for."""

# The English word, then words for it, without accents, in Spanish, Portuguese, French, German, Italian, Turkish,
# Indonesian and Russian. Left out are those that English has with another meaning, such as the German “was”.
_WORDS = """
    when: cuando quando quand wann kapan zaman когда
    who: quien quienes quem qui wer chi kim siapa кто
    where: donde onde dove nerede mana где
    which: cual cuales qual quais quel quelle quels quelles welche welcher welches quale quali hangi какой какие
    what: que quoi cosa apa что
    how: como comment wie nasil bagaimana как
    still: todavia aun ainda encore noch ancora hala masih еще
    can: puedo posso puis kann bisa можно могу
    claim: reclamar reclamo reivindicar resgatar reclamer beanspruchen claimen riscattare klaim получить
    date: fecha datum tanggal tarihi дата
    price: precio preco prix preis prezzo fiyat harga цена
    snapshot: instantanea captura снапшот
    airdrop: аирдроп эирдроп
    token: jeton токен
    won: gano ganhou gagne gewonnen vinto vince kazandi menang победил выиграл
    survey: encuesta pesquisa sondage umfrage sondaggio anket survei опрос
    investor: inversores inversor investidores investidor investisseurs investisseur investoren investitori yatirimci
    invested: invirtio investiu investiert investito yatirim
    raised: recaudo arrecadou raccolto topladi
    launch: lanzamiento lancamento lancement lancio запуск
    website: sitio pagina webseite sito сайт
    official: oficial officiel offiziell offizielle offizieller ufficiale resmi
    end: termina termino acaba finit endet endete ende finisce finito terminou eindigt bitti berakhir закончился
    eligible: elegible elegivel berechtigt idoneo uygun
    compare: comparar comparer vergleiche confronta karsilastir bandingkan
    poll: votacion enquete abstimmung votazione oylama
    symbol: simbolo symbole kuerzel
    about: sobre uber tentang
"""
ENGLISH_OF = {
    other: english
    for english, _, others in (line.strip().partition(": ") for line in _WORDS.strip().split("\n"))
    for other in others.split()
}

# What carries no subject in those languages.
STOP_ELSEWHERE = frozenset(
    [
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "unos",
        "de",
        "del",
        "al",
        "y",
        "en",
        "es",
        "son",
        "fue",
        "era",
        "por",
        "para",
        "con",
        "se",
        "lo",
        "le",
        "su",
        "mi",
        "hay",
        "esta",
        "este",
        "os",
        "um",
        "uma",
        "da",
        "dos",
        "das",
        "na",
        "em",
        "foi",
        "com",
        "eu",
        "les",
        "des",
        "du",
        "au",
        "est",
        "sont",
        "etait",
        "avec",
        "dans",
        "il",
        "elle",
        "je",
        "nous",
        "vous",
        "ce",
        "cette",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ein",
        "eine",
        "einen",
        "ist",
        "sind",
        "war",
        "von",
        "vom",
        "zum",
        "zur",
        "mit",
        "auf",
        "ich",
        "und",
        "oder",
        "hat",
        "haben",
        "gli",
        "di",
        "della",
        "per",
        "sono",
        "stato",
        "bir",
        "mu",
        "ve",
        "icin",
        "ini",
        "itu",
        "yang",
        "dan",
        "ke",
        "dari",
        "apakah",
        "saya",
        "nya",
        "nin",
        "immer",
        "ли",
        "в",
        "на",
        "и",
        "у",
        "я",
    ]
)
