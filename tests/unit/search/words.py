"""Words of an open data portal with their forms; the first of each family is the word of the dictionary."""

FAMILIES = [
    tuple(line.split())
    for line in """
Baum Bäume Baeume Bäumen Baumes Baums
Straße Straßen strasse Strassen
Haus Häuser Haeuser Häusern Hauses
Garten Gärten Gaerten
Platz Plätze Plätzen Plaetze
Spielplatz Spielplätze Spielplätzen
Kita Kitas KITA
Museum Museen Museums
Zentrum Zentren Zentrums
Thema Themen Themas
Amt Ämter Aemter Ämtern Amtes
Stadt Städte Staedte Städten
Stadtteil Stadtteile Stadtteilen Stadtteils
Ortsbezirk Ortsbezirke Ortsbezirken
Einwohner Einwohnern Einwohners Einwohnerin Einwohnerinnen
Bürger Bürgern Bürgerin Bürgerinnen Buerger
Burg Burgen
Schule Schulen
Schüler Schülern Schülerin Schülerinnen Schueler
Wahl Wahlen
Wähler Wählern Wählerin Wählerinnen
Wahlbezirk Wahlbezirke Wahlbezirken
Fahrrad Fahrräder Fahrrädern Fahrrads
Radweg Radwege Radwegen Radwegs
Zählung Zählungen Zaehlung
Zahl Zahlen
Bevölkerung Bevoelkerung
Haushalt Haushalte Haushalten Haushalts
Steuer Steuern
Gebühr Gebühren Gebuehren
Quelle Quellen
aktuell aktuelle aktuellen aktueller aktuelles
neu neue neuen neuer neues
neun
öffentlich öffentliche öffentlichen öffentlicher oeffentlich
städtisch städtische städtischen staedtische
Fluss Flüsse Flüssen Fluesse
Wasser Wassers
Luft Lüfte
Lärm
Klima
Baustelle Baustellen
Bau
Bauer Bauern
Gebäude Gebäuden Gebaeude
Grundstück Grundstücke Grundstücken
Bebauungsplan Bebauungspläne Bebauungsplänen
Denkmal Denkmäler Denkmälern
Verkehr Verkehrs
Unfall Unfälle Unfällen
Parkplatz Parkplätze
Parkhaus Parkhäuser
Haltestelle Haltestellen
Fahrplan Fahrpläne
Fahrplandaten
Datensatz Datensätze Datensätzen
Statistik Statistiken
Karte Karten
Luftbild Luftbilder Luftbildern
Kindergarten Kindergärten
Kind Kinder Kindern Kindes
Jugend
Alter Alters
alt alte alten alter_ alter-
Familie Familien
Geburt Geburten
Vorname Vornamen
Ehe Ehen
frei freie freien freier freies
Allee Alleen
alle
Arbeitslose Arbeitslosen Arbeitsloser
Betrieb Betriebe Betrieben
Unternehmen
Beschluss Beschlüsse Beschlüssen
Sitzung Sitzungen
Rat Räte Räten
Ausgabe Ausgaben
Einnahme Einnahmen
Zuwendung Zuwendungen
Vergabe Vergaben
Messe Messen
Messer Messern
Messung Messungen
Messstelle Messstellen
Pegel Pegeln
Rhein Rheins
Main
Mainz
Landau
Land Länder Ländern Landes
Feuer
Feuerwehr Feuerwehren
Polizei
Krankenhaus Krankenhäuser
Arzt Ärzte Ärzten
Apotheke Apotheken
Hund Hunde Hunden
Hundesteuer
Abfall Abfälle Abfällen
Müll
Mühle Mühlen
Container Containern
Wertstoffhof Wertstoffhöfe
Friedhof Friedhöfe Friedhöfen
Hof Höfe Höfen
Kirche Kirchen
Bibliothek Bibliotheken
Foto Fotos
Theater Theatern
Veranstaltung Veranstaltungen
Tourist Touristen
Hotel Hotels
Gewerbe
Gewerbegebiet Gewerbegebiete
Preis Preise Preisen
Kreis Kreise Kreisen
Miete Mieten
Mietspiegel
Wohnung Wohnungen
Bodenrichtwert Bodenrichtwerte Bodenrichtwerten
Grenze Grenzen
Höhe Höhen Hoehe
Höhle Höhlen
Hölle
Adresse Adressen
Hausnummer Hausnummern
Sporthalle Sporthallen
Schwimmbad Schwimmbäder
Brunnen
Brücke Brücken Bruecken
Tunnel
Ampel Ampeln
Status
Statue Statuen
Virus Viren
Studie Studien
Studium
Qualität Qualitäten
Qual Qualen
Quartal Quartale
Mauer Mauern
Poesie
Fähre Fähren
Ferien
Fahrer Fahrern
""".strip().splitlines()
]
# The two endings mark adjectives that are spelled like another word; they are no words.
FAMILIES = [tuple(form for form in family if form[-1] not in "_-") for family in FAMILIES]

KNOWN_MERGES: list[tuple[str, str]] = []
"""Pairs that become the same although they are different words, and are left so."""
